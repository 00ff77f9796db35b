import { expect, test } from "vitest";
import {
  ask,
  join,
  memoryDatabase,
  outcome,
  PASSWORD,
  serverWith,
  testIdentity,
} from "../../../test/support/identity.ts";

test("registration: taken, reserved and invalid handles, addresses that are taken", async () => {
  const { server } = await serverWith(await memoryDatabase(), "ada");
  const register = (body: object) =>
    outcome(ask(server, "POST", "/api/auth/register", { body: { password: PASSWORD, ...body } }));
  expect(await register({ handle: "ADA" })).toBe("account.handle_taken");
  for (const handle of ["everyone", "here", "room", "system", "Guest-abc"]) {
    expect([handle, await register({ handle })]).toEqual([handle, "account.handle_taken"]);
  }
  for (const handle of ["a", "ä", "a b", "-a", "x".repeat(33), "../x"])
    expect(await register({ handle })).toBe("request.invalid");
  expect(await register({ handle: "bo", email: "bo@example.org" })).toBe(201);
  expect(await register({ handle: "cy", email: "BO@example.org" })).toBe("account.email_taken");
  expect(await register({ handle: "dee", password: "short" })).toBe("request.invalid");
  expect(await register({ handle: "eve", role: "owner" })).toBe("request.invalid");
  for (const password of ["password123", "fay-likes-tea", "12345678", "welcome to foyer"])
    expect(await register({ handle: "fay-likes", password })).toBe("account.password_common");
  // Whoever runs the server is not asked less.
  const create = (password: string) => server.identity.createAccount({ handle: "gus", password, role: "member" });
  await expect(create("iloveyou")).rejects.toMatchObject({ code: "account.password_common" });
  await expect(server.identity.resetPassword("ada", "qwertyuiop")).rejects.toMatchObject({
    code: "account.password_common",
  });
});

test("closed registration: the first account, and who has an invite", async () => {
  const server = testIdentity(await memoryDatabase(), { config: { registration: "closed" } });
  const register = (handle: string, invite?: string) =>
    outcome(
      ask(server, "POST", "/api/auth/register", {
        body: { handle, password: PASSWORD, ...(invite === undefined ? {} : { invite }) },
      }),
    );
  expect(await register("ada")).toBe(201);
  expect(await register("bo")).toBe("auth.registration_closed");
  expect(await register("bo", "bad-invite")).toBe("auth.registration_closed");
  expect(await register("bo", "good-invite")).toBe(201);
  expect((await ask(server, "GET", "/api/server")).body).toMatchObject({
    version: "1.2.3",
    features: { registration: false },
  });
});

test("the password: the old one is needed, the other sessions end, the change is audited", async () => {
  const { server, people } = await serverWith(await memoryDatabase(), "ada");
  const { ada } = people;
  const other = (await ask(server, "POST", "/api/auth/login", { body: { login: "ada", password: PASSWORD } })).body
    .token;
  const change = (currentPassword: string, newPassword: string) =>
    outcome(ask(server, "POST", "/api/auth/password", { as: ada.token, body: { currentPassword, newPassword } }));
  expect(await change("wrong password", "new password 1")).toBe("auth.invalid_credentials");
  expect(await change(PASSWORD, "short")).toBe("request.invalid");
  expect(await change(PASSWORD, "Password1!")).toBe("account.password_common");
  expect(await change(PASSWORD, "new password 1")).toBe(204);
  expect(await outcome(ask(server, "GET", "/api/auth/sessions", { as: other }))).toBe("auth.token_invalid");
  expect(await outcome(ask(server, "GET", "/api/auth/sessions", { as: ada.token }))).toBe(200);
  expect(await outcome(ask(server, "POST", "/api/auth/login", { body: { login: "ada", password: PASSWORD } }))).toBe(
    "auth.invalid_credentials",
  );
  expect(
    await outcome(ask(server, "POST", "/api/auth/login", { body: { login: "ada", password: "new password 1" } })),
  ).toBe(200);
  const audit = await ask(server, "GET", "/api/admin/audit?action=account.password_changed", { as: ada.token });
  expect(audit.body.items).toMatchObject([{ actor: { handle: "ada" }, subject: { name: "ada" } }]);
  expect(audit.text).not.toContain("password 1");
});

test("the profile changes for everybody at once", async () => {
  const { server, people } = await serverWith(await memoryDatabase(), "ada", "bo");
  const { ada, bo } = people;
  const changed: string[] = [];
  server.bus.subscribe("identity.account_changed", (payload) => changed.push(payload));
  expect([...(await server.identity.profiles([ada.accountId])).values()]).toMatchObject([{ displayName: "ada" }]);
  const answer = await ask(server, "PATCH", "/api/auth/profile", {
    as: ada.token,
    body: { displayName: " Ada L. ", email: "A@b.example" },
  });
  expect(answer.body).toMatchObject({ displayName: "Ada L.", email: "a@b.example" });
  expect([...(await server.identity.profiles([ada.accountId, ada.accountId, "unknown"])).values()]).toMatchObject([
    { displayName: "Ada L." },
  ]);
  expect(changed).toEqual([JSON.stringify({ accountId: ada.accountId })]);
  const edit = (body: object) => outcome(ask(server, "PATCH", "/api/auth/profile", { as: bo.token, body }));
  expect(await edit({ email: "a@B.example" })).toBe("account.email_taken");
  expect(await edit({ displayName: "a\u202eb" })).toBe("request.invalid");
  expect(await edit({ role: "owner" })).toBe("request.invalid");
  // Other people see the profile and nothing else.
  const found = await ask(server, "GET", "/api/accounts?q=ada", { as: bo.token });
  expect(found.body.items).toEqual([{ accountId: ada.accountId, handle: "ada", displayName: "Ada L." }]);
  expect((await ask(server, "GET", "/api/accounts/by-handle/ADA", { as: bo.token })).body).toMatchObject({
    handle: "ada",
  });
  expect(await outcome(ask(server, "GET", "/api/accounts/by-handle/nobody", { as: bo.token }))).toBe(
    "account.not_found",
  );
});

test("guests: only where a room lets them in; they have no password, no address and no admin", async () => {
  expect(await outcome(ask(testIdentity(await memoryDatabase()), "POST", "/api/auth/guest"))).toBe(
    "room.guests_not_allowed",
  );
  const server = testIdentity(await memoryDatabase(), { guests: "write" });
  const guest = await ask(server, "POST", "/api/auth/guest");
  expect([guest.status, guest.body.account?.role, guest.body.account?.handle]).toEqual([
    201,
    "guest",
    expect.stringMatching(/^guest-[a-z0-9]{6}$/),
  ]);
  // A guest is not the first account.
  expect((await ask(server, "GET", "/api/auth/session", { as: guest.body.token })).body.setup).toBe(true);
  const owner = await join(server, "ada");
  expect(owner.role).toBe("owner");
  expect(
    await outcome(
      ask(server, "PATCH", "/api/auth/profile", { as: guest.body.token, body: { email: "g@example.org" } }),
    ),
  ).toBe("auth.forbidden");
  expect(
    await outcome(
      ask(server, "PATCH", "/api/auth/profile", { as: guest.body.token, body: { displayName: "Visitor" } }),
    ),
  ).toBe(200);
  const password = { currentPassword: "", newPassword: PASSWORD };
  expect(
    await outcome(
      ask(server, "POST", "/api/auth/password", { as: guest.body.token, body: { ...password, currentPassword: "x" } }),
    ),
  ).toBe("auth.invalid_credentials");
  const first = { as: guest.body.token, body: { newPassword: PASSWORD } };
  expect(await outcome(ask(server, "POST", "/api/auth/password", first))).toBe("auth.forbidden");
  expect(
    await outcome(
      ask(server, "PATCH", `/api/admin/accounts/${guest.body.account?.accountId}`, {
        as: owner.token,
        body: { role: "member" },
      }),
    ),
  ).toBe("auth.forbidden");
  expect(await outcome(ask(server, "POST", "/api/auth/guest", { as: owner.token }))).toBe("auth.forbidden");
  const direct = await server.identity.createGuest("hash");
  expect(await server.identity.authenticate({ bearer: direct.token }, "hash")).toEqual(direct.caller);
});
