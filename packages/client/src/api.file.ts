/** A file as an answer. `name` is what the server calls it. */
export interface ApiFile {
  name: string;
  content: Blob;
}

/** True for an answer that is to be kept as a file. */
export function isFile(response: Response): boolean {
  return response.headers.get("content-disposition")?.startsWith("attachment") === true;
}

/** Reads all of it. Throws when it breaks off: half a file is never handed out as a whole one. */
export async function fileOf(response: Response): Promise<ApiFile> {
  // Pages of another origin do not see this header.
  const name = /filename="([^"]+)"/.exec(response.headers.get("content-disposition") ?? "")?.[1];
  return { name: name ?? "foyer", content: await response.blob() };
}
