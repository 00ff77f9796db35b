/** Text as it may stand in HTML, also between quotes. */
export const escaped = (text: string): string =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");

/** A whole page. `title` is plain text; `style`, `body` and `script` are put in as they are. */
export function htmlPage({
  title,
  style,
  body,
  script = "",
}: Record<"title" | "style" | "body", string> & { script?: string }): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
${script === "" ? "" : `<script type="module">${script}</script>`}
</body>
</html>`;
}

/** What the plain pages of simulators look like: those on which somebody allows something. */
export const plainStyle = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 34rem; margin: 0 auto; padding: 1.5rem 1rem; }
h1 { font-size: 1.4rem; }
ul { list-style: none; padding: 0; display: grid; gap: .5rem; }
a.choice { display: block; padding: .75rem 1rem; border: 1px solid color-mix(in srgb, currentColor 25%, transparent); border-radius: .5rem; text-decoration: none; color: inherit; }
a.choice:hover, a.choice:focus-visible { background: color-mix(in srgb, currentColor 8%, transparent); }
.quiet { opacity: .7; font-size: .9rem; }
code { overflow-wrap: anywhere; }
`;
