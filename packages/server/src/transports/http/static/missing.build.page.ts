const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Foyer: the web app is not built</title>
<style>
body { font: 16px/1.6 system-ui, sans-serif; max-width: 40rem; margin: 15vh auto; padding: 0 1.5rem; color-scheme: light dark; }
code { font: 15px ui-monospace, monospace; background: color-mix(in srgb, currentColor 12%, transparent); padding: .15em .4em; border-radius: .3em; }
</style>
</head>
<body>
<main>
<h1>The server runs, the web app is not built</h1>
<p>Build it once, then load this page again:</p>
<p><code>npm run build</code></p>
<p><code>npm start</code> does it by itself. The API works meanwhile: see <a href="/api/docs">its documentation</a>.</p>
</main>
</body>
</html>
`;

/** What a browser sees when there is no web build to serve: how to get one. */
export function missingBuildPage(): Response {
  return new Response(PAGE, {
    status: 503,
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store", "retry-after": "10" },
  });
}
