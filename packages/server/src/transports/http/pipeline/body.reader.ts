import { AppError } from "../../../platform/errors/app.error.ts";

/** Largest body of a request in bytes. */
export const MAX_BODY_BYTES = 65_536;

const tooLarge = (most: number) => new AppError("request.too_large", `The body is larger than ${most} bytes.`);

/** Refuses a body that says itself that it is too large, whether or not it will be read. */
export function checkDeclaredLength(request: Request, most = MAX_BODY_BYTES): void {
  const declared = request.headers.get("content-length");
  if (declared !== null && Number(declared) > most) throw tooLarge(most);
}

/**
 * Reads a JSON body of at most 64 KiB, counting what really arrives. Throws `request.unsupported_media_type`,
 * `request.too_large` and `request.malformed`.
 */
export async function readJson(request: Request): Promise<unknown> {
  const type = (request.headers.get("content-type") ?? "").split(";")[0]?.trim().toLowerCase();
  if (type !== "application/json") {
    throw new AppError("request.unsupported_media_type", "The body must be application/json.");
  }
  const encoding = request.headers.get("content-encoding");
  if (encoding !== null && encoding.toLowerCase() !== "identity") {
    throw new AppError("request.unsupported_media_type", "The body must not be compressed.");
  }
  const bytes = await readBounded(request);
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as unknown;
  } catch {
    throw new AppError("request.malformed", "The body is not valid JSON.");
  }
}

/** The bytes of a body of at most `most` bytes, counting what really arrives. Throws `request.too_large`. */
export async function readBounded(request: Request, most = MAX_BODY_BYTES): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  // Not cancelled when too large: that would close the connection before the answer is written. The server drops
  // the rest and closes once it has answered.
  for (;;) {
    const part = await reader?.read();
    if (part === undefined || part.done) break;
    size += part.value.byteLength;
    if (size > most) throw tooLarge(most);
    chunks.push(part.value);
  }
  return Buffer.concat(chunks);
}
