import { createHmac, randomUUID } from "node:crypto";
import { Agent, request } from "node:http";
import { broadcasterId, secret } from "./alerts.services.ts";

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** What happened at Twitch, as EventSub tells it. */
export type Happening =
  | { type: "stream.online"; streamId: string; startedAt: number }
  | { type: "stream.offline" }
  | { type: "channel.update"; title: string };

/** Sends one signed webhook; resolves with the milliseconds until its acknowledgement. Throws when it was refused. */
export function send(url: string, happening: Happening): Promise<number> {
  const body = Buffer.from(JSON.stringify(notification(happening)));
  const id = randomUUID();
  const timestamp = new Date().toISOString();
  const signature = createHmac("sha256", secret).update(id).update(timestamp).update(body).digest("hex");
  const begun = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      {
        method: "POST",
        agent,
        headers: {
          "content-type": "application/json",
          "content-length": body.length,
          "twitch-eventsub-message-id": id,
          "twitch-eventsub-message-timestamp": timestamp,
          "twitch-eventsub-message-signature": `sha256=${signature}`,
          "twitch-eventsub-message-type": "notification",
          "twitch-eventsub-subscription-type": happening.type,
          "twitch-eventsub-subscription-version": happening.type === "channel.update" ? "2" : "1",
        },
      },
      (answer) => {
        answer.resume();
        answer.once("end", () => {
          if (answer.statusCode === 204) resolve(performance.now() - begun);
          else reject(new Error(`the webhook was answered by ${answer.statusCode}`));
        });
      },
    );
    sent.once("error", reject);
    sent.end(body);
  });
}

function notification(happening: Happening): object {
  const { type } = happening;
  const subscription = {
    id: "bench",
    type,
    version: type === "channel.update" ? "2" : "1",
    status: "enabled",
    condition: { broadcaster_user_id: broadcasterId },
    created_at: "2026-01-01T00:00:00Z",
  };
  const who = {
    broadcaster_user_id: broadcasterId,
    broadcaster_user_login: "ada",
    broadcaster_user_name: "Ada",
  };
  if (type === "stream.online") {
    const started_at = new Date(happening.startedAt).toISOString();
    return { subscription, event: { ...who, id: happening.streamId, type: "live", started_at } };
  }
  if (type === "stream.offline") return { subscription, event: who };
  const { title } = happening;
  const channel = { title, language: "en", category_id: "743", category_name: "Chess" };
  return { subscription, event: { ...who, ...channel, content_classification_labels: [] } };
}

/** A hundred a second for some seconds: the milliseconds of each acknowledgement. */
export async function paced(url: string, seconds: number): Promise<number[]> {
  const count = seconds * 100;
  const begun = performance.now();
  const all: Promise<number>[] = [];
  for (let number = 0; number < count; number += 1) {
    const due = begun + number * 10;
    const wait = due - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    all.push(send(url, { type: "channel.update", title: `Nr ${number}` }));
  }
  return Promise.all(all);
}

/** As many as are taken for some seconds, so many under way at once: acknowledged webhooks a second. */
export async function unpaced(url: string, seconds: number, underWay = 32): Promise<number> {
  const begun = performance.now();
  const end = begun + seconds * 1000;
  let taken = 0;
  const lane = async () => {
    while (performance.now() < end) {
      await send(url, { type: "channel.update", title: `Nr ${taken}` });
      taken += 1;
    }
  };
  await Promise.all(Array.from({ length: underWay }, lane));
  return (taken * 1000) / (performance.now() - begun);
}

/** A quantile of what was measured, by the nearest rank. `q` from 0 to 1. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}
