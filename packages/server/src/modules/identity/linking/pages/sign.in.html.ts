import { type Html, html } from "./html.ts";

/** Where the pages' own files are: a page may not hold style or script (Content-Security-Policy). */
export const assetPaths = { style: "/auth/page.css", script: "/auth/page.js" } as const;

/** The page that shows a token, this once. Times are ISO 8601. */
export interface TokenPage {
  token: string;
  expiresAt: string;
  name: string;
  provider: string;
  isNew: boolean;
  permissionLevel: string | null;
}

/** The page after a sign-in that was not started from the app: the token, a button to copy it, the way on. */
export function tokenPage(page: TokenPage): Html {
  const minutes = html`<time datetime="${page.expiresAt}" data-minutes>${page.expiresAt.slice(0, 16).replace("T", " ")} UTC</time>`;
  return frame(
    "Signed in",
    html`<h1>${page.isNew ? "Welcome" : "Signed in"}, ${page.name}</h1>
    <p>You came in by ${page.provider}${page.permissionLevel === null ? html`` : html`, with the permission level <strong>${page.permissionLevel}</strong>`}. This browser is signed in.</p>
    <p><a class="button" href="/">Go on to Foyer</a></p>
    <h2>A token for programs</h2>
    <p>It lets a program act as you until ${minutes}, in <code>Authorization: Bearer</code>. It is shown this once and kept nowhere: whoever has it is you. Without such a program you can forget it.</p>
    <label for="token">Token</label>
    <textarea id="token" readonly rows="4" spellcheck="false" autocomplete="off">${page.token}</textarea>
    <p><button type="button" id="copy" hidden>Copy the token</button> <span id="copied" role="status"></span></p>`,
  );
}

/** A way on: what its button says, and the path that it leads to. */
export interface Way {
  label: string;
  path: string;
}

/** What went wrong, what is safe, what to do now. The first way is the one that most people will want. */
export interface FailurePage {
  title: string;
  text: string;
  ways: readonly Way[];
  requestId: string;
}

export function failurePage(page: FailurePage): Html {
  return frame(
    page.title,
    html`<h1>${page.title}</h1>
    <p>${page.text}</p>
    <p>${page.ways.map(({ label, path }, at) => html`<a class="button${at === 0 ? "" : " quiet"}" href="${path}">${label}</a> `)}<a class="button quiet" href="/">Back to Foyer</a></p>
    <p class="small">If you ask somebody for help, tell them this number: <code>${page.requestId}</code></p>`,
  );
}

function frame(title: string, content: Html): Html {
  return html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="robots" content="noindex">
    <title>${title} – Foyer</title>
    <link rel="stylesheet" href="${assetPaths.style}">
    <script src="${assetPaths.script}" defer></script>
  </head>
  <body>
    <main>
    ${content}
    </main>
  </body>
</html>
`;
}

/** The pages' style: the colours of the app. */
export const pageStyle = `:root{color-scheme:light dark;--ground:#fbf8f3;--raised:#fff;--text:#211b28;--muted:#5d5666;--line:#ddd6cb;--accent:#8f6414;--on-accent:#fff}
@media (prefers-color-scheme:dark){:root{--ground:#17131c;--raised:#211b28;--text:#f3eff7;--muted:#b3abbd;--line:#3a3243;--accent:#d9a441;--on-accent:#17131c}}
*{box-sizing:border-box}body{margin:0;background:var(--ground);color:var(--text);font:15px/1.5 Inter,system-ui,sans-serif}
main{max-width:560px;margin:0 auto;padding:48px 24px}h1{font-size:24px;line-height:1.25;margin:0 0 16px}h2{font-size:18px;margin:32px 0 8px}
p{margin:0 0 16px;overflow-wrap:anywhere}label{display:block;margin-bottom:4px}code,textarea{font-family:ui-monospace,monospace;font-size:13px}
textarea{width:100%;padding:8px;color:inherit;background:var(--raised);border:1px solid var(--line);border-radius:8px;resize:vertical;margin-bottom:8px}
.button,button{display:inline-block;min-height:44px;padding:10px 16px;margin:0 8px 8px 0;border:1px solid var(--accent);border-radius:8px;background:var(--accent);color:var(--on-accent);font:inherit;text-decoration:none;cursor:pointer}
.quiet{background:transparent;color:var(--accent)}.small{color:var(--muted);font-size:13px}:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
`;

/** The pages' script: copies the token, tells the time as the reader counts it, and takes the code out of the address. */
export const pageScript = `history.replaceState(null, "", location.pathname);
for (const time of document.querySelectorAll("[data-minutes]")) time.textContent = new Date(time.dateTime).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
const [token, copy, copied] = ["token", "copy", "copied"].map((id) => document.getElementById(id));
if (token !== null && copy !== null && copied !== null) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(token.value);
      copied.textContent = "Copied.";
    } catch {
      token.select();
      copied.textContent = "Copy it by Ctrl+C: the browser does not let this page do it.";
    }
  });
}
`;
