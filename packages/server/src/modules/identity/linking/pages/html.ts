/** A piece of HTML whose texts are escaped. Made by `html` alone. */
export interface Html {
  readonly source: string;
}

const SIGNS: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

/** Texts are escaped, for content and for quoted attributes; `Html` is put in as it is, several of them in a row. */
type Value = string | Html | readonly Html[] | undefined;

/** HTML with values in it. */
export function html(parts: TemplateStringsArray, ...values: readonly Value[]): Html {
  let source = parts[0] ?? "";
  for (const [at, value] of values.entries()) source += `${sourceOf(value)}${parts[at + 1] ?? ""}`;
  return { source };
}

function sourceOf(value: Value): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value.replaceAll(/[&<>"']/g, (sign) => SIGNS[sign] ?? sign);
  return "source" in value ? value.source : value.map(({ source }) => source).join("");
}
