/** A key in groups of four, as people type it from one screen into another. */
export function groupedKey(secret: string): string {
  return secret.replace(/(.{4})(?=.)/g, "$1 ");
}

/** What a file of recovery codes holds: a line that says whose they are, and one for each code. */
export function codesFile(head: string, codes: readonly string[]): string {
  return `${head}\n\n${codes.join("\n")}\n`;
}
