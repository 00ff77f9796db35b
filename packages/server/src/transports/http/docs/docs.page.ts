import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Hono } from "hono";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { Bindings } from "../http.gate.ts";

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Foyer: API</title>
<link rel="icon" href="/api/docs/favicon-32x32.png">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
<div id="docs"></div>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
`;

/** A file of its own, because the Content-Security-Policy allows no script inside a page. */
const START = `SwaggerUIBundle({ url: "/api/openapi.json", dom_id: "#docs", deepLinking: true, docExpansion: "list", validatorUrl: null });
`;

const ASSETS: Record<string, string> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  "favicon-32x32.png": "image/png",
};

/** Mounts `/api/docs`: the API to read and try out, with every asset from this server. */
export function docsPage(app: Hono<Bindings>, docsRoot: string | undefined): void {
  const answer = (body: string | Uint8Array<ArrayBuffer>, type: string) =>
    new Response(body, { headers: { "content-type": type, "cache-control": "no-cache" } });

  app.get("/api/docs", (c) => {
    c.env.passage.route = "/api/docs";
    return answer(PAGE, "text/html; charset=utf-8");
  });
  app.get("/api/docs/:file", async (c) => {
    c.env.passage.route = "/api/docs/{file}";
    const file = c.req.param("file");
    if (file === "start.js") return answer(START, "text/javascript; charset=utf-8");
    // Only these few names are looked up at all.
    const type = Object.hasOwn(ASSETS, file) ? ASSETS[file] : undefined;
    if (type === undefined) throw new AppError("request.not_found", "There is no such file.");
    try {
      return answer(new Uint8Array(await readFile(join(docsRoot ?? installedRoot(), file))), type);
    } catch {
      throw new AppError("request.not_found", "The files of the documentation page are not installed.");
    }
  });
}

function installedRoot(): string {
  return dirname(createRequire(import.meta.url).resolve("swagger-ui-dist/package.json"));
}
