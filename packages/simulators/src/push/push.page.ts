import type { Hono } from "hono";
import { escaped, htmlPage } from "../harness/html.ts";
import type { PushMessage, PushSubscriber } from "./push.simulator.ts";

export interface PushPageDeps {
  subscribers: () => PushSubscriber[];
  now: () => number;
}

const MOST_SHOWN = 50;

/** Mounts a page that shows what the subscribed phones got, newest first. It looks again by itself. */
export function mountPushPage(app: Hono, { subscribers, now }: PushPageDeps): void {
  const devices = () =>
    subscribers()
      .slice(0, MOST_SHOWN)
      .map(
        (subscriber) =>
          `<section><h2>${escaped(subscriber.name)}</h2>${
            subscriber.messages.length === 0
              ? '<p class="quiet">Nothing yet.</p>'
              : [...subscriber.messages]
                  .reverse()
                  .slice(0, MOST_SHOWN)
                  .map((each) => card(each, now()))
                  .join("")
          }</section>`,
      )
      .join("");

  app.get("/_simulator/phones", (context) => context.html(devices()));
  app.get("/", (context) =>
    context.html(
      htmlPage({
        title: "Phones (simulated)",
        style,
        body: `<h1>Phones</h1><p class="quiet">What a simulated push service brought to them.</p><main id="phones">${devices()}</main>`,
        script,
      }),
    ),
  );
}

/** A notification as far as it can be read: JSON with a title and a body, or the text. */
function card(message: PushMessage, now: number): string {
  let text = "";
  try {
    text = message.text();
  } catch {
    return "<article><strong>Could not be opened</strong><p>It was sealed for other keys.</p></article>";
  }
  const seconds = Math.max(0, Math.round((now - message.at) / 1000));
  const when = seconds < 60 ? "now" : `${Math.floor(seconds / 60)} min ago`;
  const { title, body } = read(text);
  return `<article><header><strong>${escaped(title)}</strong><time>${when}</time></header><p>${escaped(body)}</p></article>`;
}

function read(text: string): { title: string; body: string } {
  try {
    const { title, body } = JSON.parse(text) as { title?: unknown; body?: unknown };
    if (typeof title === "string") return { title, body: typeof body === "string" ? body : "" };
  } catch {
    // Not JSON: shown as it is.
  }
  return { title: "Message", body: text };
}

const style = `
:root { color-scheme: dark; font: 15px/1.45 system-ui, sans-serif; background: #16181d; color: #e8eaf0; }
body { max-width: 30rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.5rem; margin: 0; }
h2 { font-size: .95rem; color: #a4acbb; margin: 1.75rem 0 .5rem; }
.quiet { color: #a4acbb; margin: .25rem 0; }
article { background: #24272f; border-radius: 1rem; padding: .75rem 1rem; margin-top: .5rem; overflow-wrap: anywhere; }
article header { display: flex; justify-content: space-between; gap: 1rem; }
article time { color: #a4acbb; font-size: .85rem; white-space: nowrap; }
article p { margin: .15rem 0 0; white-space: pre-wrap; }
`;

const script = `
const phones = document.getElementById("phones");
setInterval(async () => {
  const answer = await fetch("/_simulator/phones").catch(() => undefined);
  if (answer?.ok) phones.innerHTML = await answer.text();
}, 1000);
`;
