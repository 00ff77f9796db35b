import type { Message, MessagePage } from "@foyer/protocol";
import { afterEach, expect, test } from "vitest";
import { eachEngine } from "../support/engines.ts";
import { callEndpoint, type Person, password, registerPerson } from "../support/people.ts";
import { startTestServer, type TestServer } from "../support/test.server.ts";
import { openWire } from "../support/wire.ts";

let server: TestServer;
afterEach(() => server.stop());

interface Line {
  kind: string;
  [field: string]: unknown;
}

async function exported(token: string): Promise<{ lines: Line[]; headers: Headers; text: string }> {
  const response = await fetch(`${server.url}/api/auth/export`, { headers: { authorization: `Bearer ${token}` } });
  const text = await response.text();
  const lines = text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Line);
  return { lines, headers: response.headers, text };
}

const say = async (person: Person, message: string) =>
  ((await person.call("sendMessage", ["general"], { message })).body as { messageId: string }).messageId;
const messages = async (person: Person) =>
  ((await person.call("listMessages", ["general"])).body as MessagePage).messages;

async function until<T>(look: () => Promise<T>, good: (value: T) => boolean): Promise<T> {
  for (let tries = 0; tries < 200; tries++) {
    const value = await look();
    if (good(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error("this did not come to be");
}

eachEngine((engine) => {
  test("an export holds what is kept about one, nothing secret, and nothing of others", async () => {
    server = await startTestServer({ engine });
    const ada = await registerPerson(server.url, "ada");
    const bo = await registerPerson(server.url, "bo");
    const id = await say(bo, "first text");
    await bo.call("editMessage", ["general", id], { message: "second text" });
    const other = await say(ada, "what ada says");
    const wire = await openWire(server.url, { token: bo.token });
    await wire.ask("react", { roomId: "general", messageId: other, emoji: "👍", on: true });
    await wire.close();
    await bo.call("reportMessage", ["general", other], { reason: "rude" });
    await ada.call("muteMember", ["general"], { accountId: bo.account.accountId, seconds: 5, reason: "quiet" });
    const { secret } = (await bo.call("createToken", [], { name: "bot", scopes: ["read"] })).body as { secret: string };
    await bo.call("updateProfile", [], { email: "bo@example.org" });
    const { lines, headers, text } = await exported(bo.token);
    expect(headers.get("content-type")).toBe("application/x-ndjson; charset=utf-8");
    expect(headers.get("content-disposition")).toMatch(/^attachment; filename="foyer-bo-\d{4}-\d\d-\d\d\.ndjson"$/);
    expect(lines[0]).toMatchObject({ kind: "export", version: 1 });
    expect(lines.at(-1)).toEqual({ kind: "end", lines: lines.length - 2 });
    const of = (kind: string) => lines.filter((line) => line.kind === kind);
    expect(of("account")).toMatchObject([{ handle: "bo", email: "bo@example.org" }]);
    expect(of("session")).toHaveLength(1);
    expect(of("token")).toMatchObject([{ name: "bot" }]);
    expect(of("membership")).toMatchObject([{ roomId: "general" }]);
    expect(of("message")).toMatchObject([{ message: "second text", earlier: [{ message: "first text" }] }]);
    expect(of("reaction")).toMatchObject([{ messageId: other, emoji: "👍" }]);
    expect(of("report")).toMatchObject([{ reason: "rude" }]);
    expect(of("sanction")).toMatchObject([{ sanction: "mute", reason: "quiet" }]);
    expect(of("audit").map(({ action }) => action)).toContain("account.exported");
    expect(of("audit").every(({ by }) => by !== ada.account.accountId)).toBe(true);
    expect(text).not.toContain("what ada says");
    for (const hidden of [secret.slice(6, 40), bo.token.split(".")[2] ?? "?", "argon2id"])
      expect(text).not.toContain(hidden);
  });

  test("leaving: at once for oneself, and for everybody who looks; what one wrote goes if that is wished", async () => {
    server = await startTestServer({ engine });
    const ada = await registerPerson(server.url, "ada");
    const bo = await registerPerson(server.url, "bo");
    const cy = await registerPerson(server.url, "cy");
    const edited = await say(bo, "first secret text");
    await bo.call("editMessage", ["general", edited], { message: "second secret text" });
    await say(bo, "another text");
    const kept = await say(cy, "cy stays readable");
    const adas = await say(ada, "hello");
    const bos = await openWire(server.url, { token: bo.token });
    await bos.ask("react", { roomId: "general", messageId: adas, emoji: "👍", on: true });
    const { secret } = (await bo.call("createToken", [], { name: "bot", scopes: ["read"] })).body as { secret: string };
    const watcher = await openWire(server.url, { token: ada.token });
    await watcher.ask("subscribe", { roomId: "general" });

    const leave = (person: Person, body: object) => person.call("deleteAccount", [], body);
    expect((await leave(ada, { handle: "ada", messages: "keep" })).body).toMatchObject({ code: "account.last_owner" });
    expect((await leave(bo, { handle: "cy", messages: "erase" })).body).toMatchObject({ code: "request.invalid" });
    expect((await leave(bo, { handle: "Bo", messages: "erase" })).status).toBe(204);
    await bos.closed;
    expect((await bo.call("getSecurity")).body).toMatchObject({ code: "auth.token_invalid" });
    expect((await callEndpoint(server.url, "listRooms", { token: secret })).body).toMatchObject({
      code: "auth.token_invalid",
    });
    expect((await callEndpoint(server.url, "login", { body: { login: "bo", password } })).status).toBe(401);
    expect((await callEndpoint(server.url, "register", { body: { handle: "bo", password } })).body).toMatchObject({
      code: "account.handle_taken",
    });
    const left = await until(
      () => messages(ada),
      (all) =>
        all.every(({ author, deletedAt }) => author.accountId !== bo.account.accountId || deletedAt !== undefined),
    );
    expect(left.filter(({ author }) => author.handle === "deleted").map(({ message }) => message)).toEqual(["", ""]);
    // Whoever was there sees it as it happens.
    await watcher.find("message", ({ message }) => message.messageId === edited && message.deletedAt !== undefined);
    await until(
      async () => (await ada.call("getMessage", ["general", adas])).body as Message,
      ({ reactions }) => reactions.length === 0,
    );
    expect((await ada.call("listRevisions", ["general", edited])).body).toEqual({ items: [] });
    expect((await callEndpoint(server.url, "search", { token: ada.token, query: "?q=secret" })).body).toMatchObject({
      items: [],
    });

    expect((await leave(cy, { handle: "cy", messages: "keep" })).status).toBe(204);
    const message = (await ada.call("getMessage", ["general", kept])).body as Message;
    expect(message).toMatchObject({ message: "cy stays readable", author: { displayName: "Deleted account" } });
    const members = (await ada.call("listMembers", ["general"])).body as { members: { handle: string }[] };
    await until(
      async () => ((await ada.call("listMembers", ["general"])).body as typeof members).members,
      (all) => all.length === 1,
    );
    const audit = await callEndpoint(server.url, "listAudit", { token: ada.token, query: "?action=account.deleted" });
    const text = JSON.stringify(audit.body);
    expect(text).toMatch(/handleHash/);
    expect(text).not.toMatch(/"cy"|"bo"/);
    await watcher.close();
  });
});
