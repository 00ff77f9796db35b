import { returnPath } from "@foyer/protocol";

/**
 * `text` when it is a path of this server and nothing else, undefined for everything that a browser could read as
 * another host: `//host`, `/\host`, `https:…`, control characters that browsers drop.
 */
export function safeReturnPath(text: string | null | undefined): string | undefined {
  const checked = returnPath.safeParse(text);
  if (!checked.success) return undefined;
  const here = "https://here.invalid";
  if (!URL.canParse(checked.data, here)) return undefined;
  const url = new URL(checked.data, here);
  // Normalising can bring out what the text hides (`/./` in front of `/host`).
  const path = `${url.pathname}${url.search}${url.hash}`;
  return url.origin === here && returnPath.safeParse(path).success ? path : undefined;
}
