import { expect, test } from "vitest";
import { eachEngine } from "../../test/support/engines.ts";
import { callEndpoint, registerPerson } from "../../test/support/people.ts";
import { startTestServer } from "../../test/support/test.server.ts";
import { openWire } from "../../test/support/wire.ts";

eachEngine((engine) => {
  test("a whole server starts on a free port, carries a message, and ends without a trace", async () => {
    const server = await startTestServer({ engine });
    const { url } = server;
    expect((await callEndpoint(url, "health")).body).toMatchObject({ status: "ok", backend: "embedded" });
    const ada = await registerPerson(url, "ada");
    const grace = await registerPerson(url, "grace");
    expect([ada.account.role, grace.account.role]).toEqual(["owner", "member"]);

    const listener = await openWire(url, { token: grace.token });
    await listener.ask("subscribe", { roomId: "general" });
    const speaker = await openWire(url, { token: ada.token });
    const { messageId } = await speaker.ask("sendMessage", { roomId: "general", message: "hello @grace" });
    const { message } = await listener.find("message", (frame) => frame.message.messageId === messageId);
    expect(message).toMatchObject({ message: "hello @grace", author: { handle: "ada" } });

    expect(await server.stop()).toBe(true);
    expect(await listener.closed).toMatchObject({ code: 4002 });
    await expect(fetch(`${url}/api/health`)).rejects.toThrow("fetch failed");
  });

  test("two servers in one process do not meet", async () => {
    const [one, two] = await Promise.all([startTestServer({ engine }), startTestServer({ engine })]);
    await registerPerson(one.url, "ada");
    expect((await callEndpoint(two.url, "session")).body).toMatchObject({ setup: true });
    expect(await Promise.all([one.stop(), two.stop()])).toEqual([true, true]);
  });

  test("the public page of a free port may use the session, a foreign one may not", async () => {
    const server = await startTestServer({ engine });
    const register = (origin: string, handle: string) =>
      fetch(`${server.url}/api/auth/register`, {
        method: "POST",
        headers: { origin, cookie: "foyer=x", "content-type": "application/json" },
        body: JSON.stringify({ handle, password: "correct horse battery" }),
      }).then(({ status }) => status);
    expect(await register("http://evil.example", "mallory")).toBe(403);
    expect(await register(server.url, "ada")).not.toBe(403);
    await server.stop();
  });
});
