/**
 * True when somebody wants a page rather than JSON: people's browsers name `text/html`, programs do not. Weights count;
 * whoever takes anything (`*` + `/*`) is a program.
 */
export function prefersPage(accept: string | null | undefined): boolean {
  return weightOf(accept, "text/html") > weightOf(accept, "application/json");
}

function weightOf(accept: string | null | undefined, type: string): number {
  for (const entry of (accept ?? "").split(",")) {
    const [name, ...parameters] = entry.split(";").map((part) => part.trim().toLowerCase());
    if (name !== type) continue;
    const weight = parameters.find((parameter) => parameter.startsWith("q="));
    return weight === undefined ? 1 : Number(weight.slice(2)) || 0;
  }
  return 0;
}
