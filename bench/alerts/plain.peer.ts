/**
 * What Foyer is compared with: the least that a bot can do. It checks the signature, keeps what it has seen in memory,
 * posts to Discord and to phones at once, and stores nothing. A process of its own.
 */
import { createHmac, timingSafeEqual } from "node:crypto";
import { createServer } from "node:http";
import { REST } from "@discordjs/rest";
import webpush from "web-push";

/** What it can be asked to do besides. */
export type PeerTask =
  | { do: "post"; channels: string[]; api: string; token: string }
  | { do: "push"; devices: webpush.PushSubscription[]; atOnce: number; vapid: webpush.VapidKeys };

const secret = process.env["SECRET"] ?? "";
const relay = process.env["RELAY_TO"] ?? "";
const token = process.env["BOT_TOKEN"] ?? "";
const seen = new Set<string>();

const server = createServer((incoming, answer) => {
  const chunks: Buffer[] = [];
  incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
  incoming.on("end", () => {
    const body = Buffer.concat(chunks);
    const header = (name: string) => String(incoming.headers[`twitch-eventsub-message-${name}`] ?? "");
    const expected = createHmac("sha256", secret)
      .update(header("id"))
      .update(header("timestamp"))
      .update(body)
      .digest();
    const given = Buffer.from(header("signature").replace("sha256=", ""), "hex");
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
      answer.writeHead(403).end();
      return;
    }
    answer.writeHead(204).end();
    if (seen.has(header("id"))) return;
    seen.add(header("id"));
    const { subscription } = JSON.parse(body.toString()) as { subscription: { type: string } };
    if (subscription.type === "stream.online" && relay !== "") void post();
  });
});

function post(): Promise<unknown> {
  return fetch(relay, {
    method: "POST",
    headers: { authorization: `Bot ${token}`, "content-type": "application/json" },
    body: JSON.stringify({ content: "Ada is live", allowed_mentions: { parse: [] } }),
  });
}

async function run(task: PeerTask): Promise<void> {
  if (task.do === "post") {
    // The library keeps to 50 requests a second by itself.
    const rest = new REST({ api: task.api, globalRequestsPerSecond: 50 }).setToken(task.token);
    const body = { content: "Ada is live", allowed_mentions: { parse: [] } };
    await Promise.all(task.channels.map((channelId) => rest.post(`/channels/${channelId}/messages`, { body })));
    return;
  }
  const options = { vapidDetails: { subject: "mailto:bench@people.example", ...task.vapid }, TTL: 3600 };
  const payload = JSON.stringify({ title: "Ada is live", body: "Chess", url: "https://www.twitch.tv/ada" });
  const waiting = [...task.devices];
  const lane = async () => {
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      // Its own `sendNotification` speaks https alone, and the push service here is on this machine.
      const { endpoint, method, headers, body } = webpush.generateRequestDetails(next, payload, options);
      const answer = await fetch(endpoint, {
        method,
        headers: headers as Record<string, string>,
        body: Uint8Array.from(body ?? []),
      });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`the push service answers ${answer.status}`);
    }
  };
  await Promise.all(Array.from({ length: task.atOnce }, lane));
}

process.on("message", (task: PeerTask) => {
  void run(task).then(
    () => process.send?.({ ok: true }),
    (error: unknown) => process.send?.({ ok: false, why: String(error) }),
  );
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.send?.({ port: typeof address === "object" && address !== null ? address.port : 0 });
});
