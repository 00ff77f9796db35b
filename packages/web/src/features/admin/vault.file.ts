/** How much is in an export of the vault. `unopened`: credentials that are missing, because they could not be opened. */
export interface VaultFileEnd {
  links: number;
  credentials: number;
  unopened: number;
}

/** The last line is a few hundred characters. */
const tail = 4096;

/**
 * What the last line of an export says of the whole; undefined for a file that is broken off. The line's header can be
 * read without the passphrase: it says how many, never what.
 */
export async function endOf(content: Blob): Promise<VaultFileEnd | undefined> {
  const text = await content.slice(-tail).text();
  if (!text.endsWith("\n")) return undefined;
  const header = text.trimEnd().split("\n").at(-1)?.split(".")[0] ?? "";
  try {
    const { end } = JSON.parse(atob(header.replaceAll("-", "+").replaceAll("_", "/"))) as { end?: VaultFileEnd };
    return end;
  } catch {
    return undefined;
  }
}
