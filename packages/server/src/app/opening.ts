/** What the person who starts the server reads: one short block. `unowned` is true until the first account exists. */
export function openingText(opening: { url: string; version: string; unowned: boolean }): string {
  const lines = [`Foyer ${opening.version} is open: ${opening.url}`];
  if (opening.unowned) lines.push("No account exists yet: the first one that is made there owns this server.");
  lines.push("Ctrl+C ends it.");
  return `\n${lines.map((line) => `  ${line}`).join("\n")}\n\n`;
}
