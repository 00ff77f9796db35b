import { expect, test } from "vitest";
import { eachEngine } from "../../../test/support/engines.ts";
import {
  ask,
  memoryDatabase,
  outcome,
  PASSWORD,
  serverWith,
  type TestIdentity,
  testIdentity,
} from "../../../test/support/identity.ts";

const setAccount = (server: TestIdentity, as: { token: string }, whom: { accountId: string }, body: object) =>
  ask(server, "PATCH", `/api/admin/accounts/${whom.accountId}`, { as: as.token, body });

eachEngine((_engine, open) => {
  test("owners who step down both at once leave one owner", async () => {
    const { server, people } = await serverWith(await open(), "ada", "bo");
    const { ada, bo } = people;
    expect(await outcome(setAccount(server, ada, bo, { role: "owner" }))).toBe(200);
    const results = await Promise.all([
      outcome(setAccount(server, ada, ada, { role: "member" })),
      outcome(setAccount(server, bo, bo, { role: "member" })),
    ]);
    expect(new Set(results)).toEqual(new Set([200, "account.last_owner"]));
  });
});

test("roles: given below one's own to people below oneself, by owners up to owner, and audited", async () => {
  const { server, people } = await serverWith(await memoryDatabase(), "owner", "admin", "mod", "cy", "dee");
  const { owner, admin, mod, cy, dee } = people;
  const give = (as: { token: string }, whom: { accountId: string }, role: string) =>
    outcome(setAccount(server, as, whom, { role }));
  expect(await give(owner, admin, "admin")).toBe(200);
  expect(await server.identity.role(admin.accountId)).toBe("admin");
  expect(await give(admin, mod, "moderator")).toBe(200);
  expect(await give(admin, cy, "admin")).toBe("auth.forbidden");
  expect(await give(admin, cy, "owner")).toBe("auth.forbidden");
  expect(await give(admin, owner, "member")).toBe("auth.forbidden");
  expect(await give(admin, admin, "owner")).toBe("auth.forbidden");
  expect(await give(mod, cy, "member")).toBe("auth.forbidden");
  expect(await give(owner, dee, "admin")).toBe(200);
  expect(await give(admin, dee, "member")).toBe("auth.forbidden");
  expect(await give(owner, owner, "admin")).toBe("account.last_owner");
  expect(await give(owner, dee, "owner")).toBe(200);
  expect(await give(dee, owner, "member")).toBe("auth.forbidden");
  expect(await give(owner, owner, "admin")).toBe(200);
  // The old role is worth nothing from this moment on.
  expect(await outcome(ask(server, "GET", "/api/admin/audit", { as: owner.token }))).toBe("auth.forbidden");
  expect(await give(dee, { accountId: "0192aaaa-0000-7000-8000-000000000001" }, "member")).toBe("account.not_found");

  const audit = (await ask(server, "GET", "/api/admin/audit?action=account.role_changed&limit=3", { as: dee.token }))
    .body;
  expect(audit.items).toMatchObject([
    {
      action: "account.role_changed",
      actor: { handle: "owner" },
      subject: { kind: "account", id: owner.accountId, name: "owner" },
      details: { from: "owner", to: "admin" },
    },
    { actor: { handle: "owner" }, details: { from: "admin", to: "owner" } },
    { actor: { handle: "owner" }, details: { from: "member", to: "admin" } },
  ]);
  const next = (
    await ask(server, "GET", `/api/admin/audit?action=account.role_changed&limit=3&cursor=${audit.next}`, {
      as: dee.token,
    })
  ).body;
  expect(next.items).toMatchObject([{ details: { to: "moderator" } }, { details: { to: "admin" } }]);
  expect(next.next).toBeUndefined();
});

test("suspending ends every session and says so, until it is lifted", async () => {
  const { server, people } = await serverWith(await memoryDatabase(), "owner", "bo");
  const { owner, bo } = people;
  const { ticket } = (await ask(server, "POST", "/api/auth/ticket", { as: bo.token })).body;
  expect(await outcome(setAccount(server, bo, owner, { suspended: true }))).toBe("auth.forbidden");
  expect(await outcome(setAccount(server, owner, owner, { suspended: true }))).toBe("auth.forbidden");
  const done = await setAccount(server, owner, bo, { suspended: true });
  expect([done.status, typeof done.body["suspendedAt"]]).toEqual([200, "string"]);
  expect(await outcome(ask(server, "GET", "/api/auth/sessions", { as: bo.token }))).toBe("account.suspended");
  await expect(server.identity.authenticate({ ticket }, "h")).rejects.toMatchObject({ code: "account.suspended" });
  const login = (password: string) =>
    outcome(ask(server, "POST", "/api/auth/login", { body: { login: "bo", password } }));
  expect(await login("wrong password")).toBe("auth.invalid_credentials");
  expect(await login(PASSWORD)).toBe("account.suspended");
  expect((await ask(server, "GET", "/api/accounts?q=bo", { as: owner.token })).body.items).toEqual([]);
  expect(await outcome(setAccount(server, owner, bo, { suspended: false }))).toBe(200);
  expect(await outcome(ask(server, "GET", "/api/auth/sessions", { as: bo.token }))).toBe("auth.token_invalid");
  expect(await login(PASSWORD)).toBe(200);
  const actions = (await ask(server, "GET", "/api/admin/audit", { as: owner.token })).body.items.map(
    ({ action }) => action,
  );
  // Refusals are in the trail as well.
  expect(actions.filter((action) => action !== "access.denied")).toEqual(["account.unsuspended", "account.suspended"]);
});

test("the list of accounts has pages and is for admins", async () => {
  const { server, people } = await serverWith(await memoryDatabase(), "owner", "a1", "a2", "a3");
  const list = (query: string, as = people.owner.token) => ask(server, "GET", `/api/admin/accounts${query}`, { as });
  const first = (await list("?limit=3")).body;
  expect(first.items.map(({ handle }) => handle)).toEqual(["a3", "a2", "a1"]);
  const second = (await list(`?limit=3&cursor=${first.next}`)).body;
  expect([second.items.map(({ handle }) => handle), second.next]).toEqual([["owner"], undefined]);
  expect((await list("?q=A2")).body.items).toMatchObject([{ handle: "a2", role: "member" }]);
  expect((await list("", people.a1.token)).body.code).toBe("auth.forbidden");
});

test("the command line makes accounts and resets passwords", async () => {
  const server = testIdentity(await memoryDatabase(), { config: { registration: "closed" } });
  const { identity } = server;
  expect(await identity.createAccount({ handle: "Root-1", password: PASSWORD, role: "member" })).toMatchObject({
    handle: "root-1",
    role: "owner",
  });
  expect(
    await identity.createAccount({ handle: "bo", password: PASSWORD, role: "admin", email: "bo@example.org" }),
  ).toMatchObject({ role: "admin" });
  await expect(identity.createAccount({ handle: "x", password: "short", role: "member" })).rejects.toMatchObject({
    code: "request.invalid",
    fields: [{ path: "handle" }, { path: "password" }],
  });
  const token = (await ask(server, "POST", "/api/auth/login", { body: { login: "bo", password: PASSWORD } })).body
    .token;
  await identity.resetPassword("BO@example.org", "a whole new password");
  expect(await outcome(ask(server, "GET", "/api/auth/sessions", { as: token }))).toBe("auth.token_invalid");
  expect(
    await outcome(ask(server, "POST", "/api/auth/login", { body: { login: "bo", password: "a whole new password" } })),
  ).toBe(200);
  await expect(identity.resetPassword("nobody", PASSWORD)).rejects.toMatchObject({ code: "account.not_found" });
  await expect(identity.resetPassword("bo", "short")).rejects.toMatchObject({ code: "request.invalid" });
});
