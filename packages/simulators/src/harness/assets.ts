import { readFileSync } from "node:fs";
import { join } from "node:path";
import { escaped } from "./html.ts";

/**
 * A control page that is made of files in a folder, `<name>.html` (its body) and `<name>.css`, and of a function that
 * runs in the browser: its text is put into the page, so that it may use nothing from outside itself.
 */
export function assetPage(folder: string, name: string, title: string, run: () => void): string {
  const read = (kind: string) => readFileSync(join(folder, `${name}.${kind}`), "utf8");
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<link rel="icon" href="data:,">
<title>${escaped(title)}</title>
<style>
${read("css")}</style>
</head>
<body>
${read("html")}
<script type="module">
(${run.toString()})();
</script>
</body>
</html>`;
}
