import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { startTestServer, type TestServer } from "../../../server/test/support/test.server.ts";
import { createClient, type FoyerClient } from "../../src/index.ts";
import { until } from "../support/until.ts";

const password = "correct horse battery";
let server: TestServer;
let people = 0;

beforeAll(async () => {
  const unlimited = { LIMIT_MESSAGES_PER_5S: "0", LIMIT_CONNECTIONS_PER_ADDRESS: "0", LIMIT_SIGN_INS_PER_MINUTE: "0" };
  server = await startTestServer({ env: { GUESTS: "write", ...unlimited } });
});
afterAll(() => server.stop());

/** Somebody new, connected, with the token that other devices of the same person may use. */
async function person(token?: string): Promise<{ client: FoyerClient; token: string; handle: string }> {
  people += 1;
  const handle = `person-${people}`;
  const visitor = createClient({ url: server.url });
  const signedIn = token ?? (await visitor.api.register({ body: { handle, password } })).token;
  const client = createClient({ url: server.url, token: signedIn, backoff: { baseMs: 20, capMs: 200 } });
  onTestFinished(() => client.close());
  client.connect();
  await until("online", () => client.connection.status === "online");
  return { client, token: signedIn, handle };
}

function openRoom(client: FoyerClient, roomId: string) {
  const room = client.room(roomId);
  room.open();
  return until(`${roomId} is live`, () => (room.snapshot().status === "live" ? room : undefined));
}

test("two people talk, edit, react and delete, and see the same", async () => {
  const [ann, ben] = [await person(), await person()];
  const [a, b] = [await openRoom(ann.client, "general"), await openRoom(ben.client, "general")];
  const { messageId } = await a.send("Hello **World**");
  await until("ben has it", () => b.snapshot().messages.some((message) => message.messageId === messageId));
  await a.edit(messageId, "Hello again");
  await b.react(messageId, "👍", true);
  const { messageId: reply } = await b.send("Hi", { replyTo: messageId });
  await a.send("gone soon").then((sent) => a.remove(sent.messageId));
  await until("the same", () => {
    const [left, right] = [a.snapshot().messages, b.snapshot().messages];
    return (
      left.length === right.length && left.at(-1)?.deletedAt !== undefined && right.at(-1)?.deletedAt !== undefined
    );
  });
  expect(a.snapshot().messages).toEqual(b.snapshot().messages);
  const first = a.snapshot().messages.find((message) => message.messageId === messageId);
  expect(first).toMatchObject({ message: "Hello again", reactions: [{ emoji: "👍", count: 1 }] });
  const answer = a.snapshot().messages.find((message) => message.messageId === reply);
  expect(answer?.replyTo?.messageId).toBe(messageId);
  expect(a.snapshot().pending).toEqual([]);
  // State plus events is what a fresh fetch gives.
  const page = await ann.client.api.listMessages({ params: { roomId: "general" }, query: { limit: 50 } });
  expect(a.snapshot().messages.slice(-page.messages.length)).toEqual(page.messages);
});

test("unread counts are the server's, on every device", async () => {
  const ann = await person();
  const ben = await person();
  const phone = await person(ben.token);
  const room = await openRoom(ann.client, "general");
  const [b, p] = [await openRoom(ben.client, "general"), await openRoom(phone.client, "general")];
  await b.markRead(b.snapshot().messages.at(-1)?.offset ?? 0);
  await until("nothing unread", () => p.snapshot().unread === 0 && b.snapshot().unread === 0);
  await room.send("one");
  const { offset } = await room.send(`two, @${ben.handle}`);
  await b.send("my own");
  for (const device of [b, p]) {
    await until("two unread", () => device.snapshot().unread === 2 && device.snapshot().mentions === 1);
  }
  const fresh = await ben.client.api.getRoom({ params: { roomId: "general" } });
  expect(fresh).toMatchObject({ unread: 2, mentions: 1 });
  await p.markRead(offset - 1);
  await until("one left on the other device", () => b.snapshot().unread === 1 && b.snapshot().mentions === 1);
});

test("history in both directions, and back to the newest", async () => {
  const ann = await person();
  const { roomId } = await ann.client.api.createRoom({ body: { kind: "private", name: "Long" } });
  const room = await openRoom(ann.client, roomId);
  const sent = await Promise.all(Array.from({ length: 180 }, (_, index) => room.send(`message ${index}`)));
  await until("all are shown", () => room.snapshot().messages.length === 180);

  const other = (await person(ann.token)).client;
  const view = await openRoom(other, roomId);
  const texts = () => view.snapshot().messages.map((message) => message.message);
  expect(texts()).toEqual(Array.from({ length: 50 }, (_, index) => `message ${130 + index}`));
  await view.loadOlder();
  expect(texts()).toEqual(Array.from({ length: 100 }, (_, index) => `message ${80 + index}`));
  await view.jumpTo(sent[10]?.messageId ?? "");
  expect(texts()).toContain("message 10");
  expect(view.snapshot().hasNewer).toBe(true);
  await room.send("the newest");
  while (view.snapshot().hasNewer) await view.loadNewer();
  expect(texts().at(-1)).toBe("the newest");
  expect(texts().slice(0, -1)).toEqual(
    texts()
      .slice(0, -1)
      .toSorted((x, y) => Number(x.slice(8)) - Number(y.slice(8))),
  );
  await expect(view.jumpTo("0197a000-0000-7000-8000-000000000000")).rejects.toMatchObject({
    code: "message.not_found",
  });
});

test("a guest writes without an account, and does not count its own messages", async () => {
  const guest = createClient({ url: server.url });
  onTestFinished(() => guest.close());
  guest.connect();
  const room = await openRoom(guest, "general");
  await room.send("from a guest");
  await until("it is shown", () => room.snapshot().messages.at(-1)?.message === "from a guest");
  expect(room.snapshot()).toMatchObject({ pending: [], unread: 0 });
});

test("a loop over messages, a refusal, and a room that is not for everybody", async () => {
  const [ann, ben] = [await person(), await person()];
  const room = await openRoom(ann.client, "general");
  const loop = (async () => {
    for await (const message of ben.client.room("general").messages()) return message.message;
    return "";
  })();
  await openRoom(ben.client, "general");
  await room.send("for the loop");
  expect(await loop).toBe("for the loop");
  await expect(room.send(" ")).rejects.toMatchObject({ code: "message.empty" });
  expect(room.snapshot().pending).toMatchObject([{ state: "failed", error: { code: "message.empty" } }]);

  const { roomId } = await ann.client.api.createRoom({ body: { kind: "private", name: "Ours" } });
  const closed = ben.client.room(roomId);
  closed.open();
  await until("refused", () => closed.snapshot().status === "error");
  expect(closed.snapshot().error?.code).toBe("room.not_found");
  await expect(ben.client.api.getRoom({ params: { roomId } })).rejects.toMatchObject({
    code: "room.not_found",
    status: 404,
  });
});

test("a token that is revoked ends the connection for good", async () => {
  const ann = await person();
  await ann.client.api.logout();
  await until("closed", () => ann.client.connection.status === "closed");
  expect(ann.client.connection.reason).toMatchObject({ code: "auth.required", closeCode: 4101 });
});
