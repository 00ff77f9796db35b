import type { CreatedToken, Message, ProgramToken, RoomView } from "@foyer/protocol";
import { closeCodes } from "@foyer/protocol";
import { afterEach, expect, test } from "vitest";
import { isProgramToken } from "../../src/modules/identity/programs/program.token.text.ts";
import { eachEngine } from "../support/engines.ts";
import { callEndpoint, type Person, registerPerson } from "../support/people.ts";
import { startTestServer, type TestServer } from "../support/test.server.ts";
import { openWire } from "../support/wire.ts";

let server: TestServer;
afterEach(() => server.stop());

type Scopes = CreatedToken["token"]["scopes"];

async function create(person: Person, scopes: Scopes, more: object = {}): Promise<CreatedToken> {
  const answer = await person.call("createToken", [], { name: "Bot", scopes, ...more });
  if (answer.status !== 201) throw new Error(JSON.stringify(answer.body));
  return answer.body;
}

const code = async (answer: ReturnType<typeof callEndpoint>) => {
  const { status, body } = await answer;
  return status < 300 ? status : (body as { code: string }).code;
};

eachEngine((engine) => {
  test("a token does what its scopes say, over HTTP and over the socket, and nothing else", async () => {
    server = await startTestServer({ engine });
    const ada = await registerPerson(server.url, "ada");
    const bo = await registerPerson(server.url, "bo");
    const sent = (await bo.call("sendMessage", ["general"], { message: "hello" })).body as { messageId: string };
    const tokens = {
      read: (await create(ada, ["read"])).secret,
      write: (await create(ada, ["read", "write"])).secret,
      moderate: (await create(ada, ["read", "moderate"])).secret,
      admin: (await create(ada, ["admin"])).secret,
    };
    const call = (
      token: keyof typeof tokens,
      ...[name, path, body, query]: [Parameters<typeof callEndpoint>[1], string[]?, unknown?, string?]
    ) =>
      code(
        callEndpoint(server.url, name, {
          token: tokens[token],
          ...(path && { path }),
          ...(body === undefined ? {} : { body }),
          ...(query && { query }),
        }),
      );
    const missing = "auth.scope_missing";

    expect(await call("read", "listMessages", ["general"])).toBe(200);
    expect(await call("read", "session")).toBe(200);
    expect(await call("read", "authMe")).toBe(200);
    expect(await call("read", "sendMessage", ["general"], { message: "x" })).toBe(missing);
    expect(await call("read", "joinRoom", ["general"])).toBe(missing);
    expect(await call("write", "sendMessage", ["general"], { message: "x" })).toBe(201);
    // Its account owns the server; the token does not.
    expect(await call("write", "deleteMessage", ["general", sent.messageId])).toBe("message.forbidden");
    expect(await call("write", "createRoom", [], { kind: "public", name: "loud" })).not.toBe(201);
    expect(await call("write", "listBans", ["general"])).toBe(missing);
    expect(await call("write", "listAccounts")).toBe(missing);
    expect(await call("moderate", "listReports")).toBe(200);
    expect(await call("moderate", "listAccounts")).toBe(missing);
    expect(await call("admin", "listAccounts")).toBe(200);
    expect(await call("admin", "listMessages", ["general"])).toBe(missing);
    expect(await call("admin", "updateAccount", [bo.account.accountId], { role: "owner" })).toBe(
      "auth.step_up_required",
    );
    expect(await call("admin", "updateAccount", [bo.account.accountId], { role: "moderator" })).toBe(200);
    // No token makes, lists or widens tokens, nor touches what guards the account.
    for (const token of ["write", "admin"] as const) {
      for (const [name, body] of [
        ["createToken", { name: "more", scopes: ["admin"] }],
        ["listTokens", undefined],
        ["startTotp", undefined],
        ["stepUp", { password: "correct horse battery" }],
        ["changePassword", { currentPassword: "correct horse battery", newPassword: "another one 1" }],
        ["deleteAccount", { handle: "ada", messages: "erase" }],
        ["exportAccount", undefined],
        ["listSessions", undefined],
        ["updateProfile", { email: "x@example.org" }],
      ] as const) {
        expect([name, await call(token, name, [], body)]).toEqual([name, missing]);
      }
    }

    const reader = await openWire(server.url, { token: tokens.read });
    expect((await reader.request("subscribe", { roomId: "general" })).ok).toBe(true);
    expect(await reader.request("sendMessage", { roomId: "general", message: "x" })).toMatchObject({
      ok: false,
      error: { code: missing },
    });
    // Renewing a connection by another token counts as that token.
    await reader.ask("authenticate", { token: tokens.write });
    expect((await reader.request("sendMessage", { roomId: "general", message: "over the wire" })).ok).toBe(true);
    expect(await reader.request("deleteMessage", { roomId: "general", messageId: sent.messageId })).toMatchObject({
      ok: false,
      error: { code: "message.forbidden" },
    });
    // A change of the account's role or name does not widen it.
    await ada.call("updateProfile", [], { displayName: "Ada L." });
    expect(await reader.request("deleteMessage", { roomId: "general", messageId: sent.messageId })).toMatchObject({
      ok: false,
    });
    const view = await callEndpoint(server.url, "getRoom", { token: tokens.write, path: ["general"] });
    expect((view.body as RoomView).rights).toMatchObject({ moderate: false, manage: false });
    expect(((await ada.call("getRoom", ["general"])).body as RoomView).rights).toMatchObject({ moderate: true });
    const message = (await ada.call("getMessage", ["general", sent.messageId])).body as Message;
    expect(message.deletedAt).toBeUndefined();
    await reader.close();
  });

  test("shown once, found by scanners, told when used, over when it is over, and gone with its sockets when revoked", async () => {
    let ahead = 0;
    const clock = { now: () => Date.now() + ahead };
    server = await startTestServer({ engine, clock });
    const ada = await registerPerson(server.url, "ada");
    const { token, secret } = await create(ada, ["write", "read"], { expiresInDays: 1 });
    expect(secret).toMatch(/^foyer_[0-9A-Za-z]{49}$/);
    expect(isProgramToken(secret)).toBe(true);
    expect(isProgramToken(secret.replace(/.$/, (last) => (last === "0" ? "1" : "0")))).toBe(false);
    const list = async () => ((await ada.call("listTokens")).body as { items: ProgramToken[] }).items;
    expect(await list()).toEqual([{ ...token, scopes: ["read", "write"] }]);
    expect(JSON.stringify(await list())).not.toContain(secret.slice(6, 40));
    expect(token.hint).toBe(`…${secret.slice(-4)}`);

    const { ticket } = (await callEndpoint(server.url, "ticket", { token: secret })).body as { ticket: string };
    const wire = await openWire(server.url, { ticket });
    expect(wire.hello.account?.handle).toBe("ada");
    const direct = await openWire(server.url, { token: secret });
    expect((await list())[0]?.lastUsedAt).toBeDefined();
    for (const bad of [`${secret}x`, secret.slice(0, -1), "foyer_", secret.replace("foyer_", "foyer_0")]) {
      expect(await code(callEndpoint(server.url, "listRooms", { token: bad }))).toBe("auth.token_invalid");
    }
    await ada.call("revokeToken", [token.tokenId]);
    expect((await wire.closed).code).toBe(closeCodes.notSignedIn);
    expect((await direct.closed).code).toBe(closeCodes.notSignedIn);
    expect(await code(callEndpoint(server.url, "listRooms", { token: secret }))).toBe("auth.token_invalid");
    expect(await code(ada.call("revokeToken", [token.tokenId]))).toBe("token.not_found");

    const other = await create(ada, ["read"], { expiresInDays: 1 });
    const bo = await registerPerson(server.url, "bo");
    expect(await code(bo.call("revokeToken", [other.token.tokenId]))).toBe("token.not_found");
    ahead += 86_400_000;
    expect(await code(callEndpoint(server.url, "listRooms", { token: other.secret }))).toBe("auth.token_expired");
  });
});
