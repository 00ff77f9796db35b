import type { SessionState, SignedIn, SteppedUp } from "@foyer/protocol";
import { closeCodes } from "@foyer/protocol";
import { afterEach, expect, test } from "vitest";
import { eachEngine } from "../support/engines.ts";
import { callEndpoint, password, registerPerson } from "../support/people.ts";
import { startTestServer, type TestServer } from "../support/test.server.ts";
import { openWire } from "../support/wire.ts";

let server: TestServer;
afterEach(() => server.stop());

const hour = 3_600_000;
const day = 24 * hour;

async function start(engine: "sqlite" | "postgres") {
  let ahead = 0;
  const clock = { now: () => Date.now() + ahead };
  server = await startTestServer({ engine, clock });
  return { now: clock.now, advance: (milliseconds: number) => void (ahead += milliseconds) };
}

const look = async (token: string) => {
  const answer = await callEndpoint(server.url, "listSessions", { token });
  return answer.status === 200 ? "good" : (answer.body as { code: string }).code;
};
const endOf = async (token: string) => {
  const { expiresAt } = (await callEndpoint(server.url, "session", { token })).body as SessionState;
  return expiresAt === undefined ? undefined : Date.parse(expiresAt);
};

eachEngine((engine) => {
  test("a session lasts while it is used, a day at a time, ends unused, and ends after 30 days in any case", async () => {
    const clock = await start(engine);
    const { token } = await registerPerson(server.url, "ada");
    const second = (await callEndpoint(server.url, "login", { body: { login: "ada", password } })).body as SignedIn;
    const first = await endOf(token);
    // More than half is left: nothing changes.
    clock.advance(11 * hour);
    expect(await endOf(token)).toBe(first);
    clock.advance(2 * hour);
    const later = (await endOf(token)) ?? 0;
    expect(later - clock.now()).toBeGreaterThan(day - 60_000);
    expect(later - clock.now()).toBeLessThanOrEqual(day);
    clock.advance(12 * hour);
    expect(await look(token)).toBe("good");
    // The one that nobody used is over.
    expect(await look(second.token)).toBe("auth.token_expired");
    for (let at = 0; at < 28 * 24; at += 20) {
      clock.advance(20 * hour);
      expect([at, await look(token)]).toEqual([at, "good"]);
    }
    clock.advance(20 * hour);
    await look(token);
    clock.advance(20 * hour);
    expect(await look(token)).toBe("auth.token_expired");
  });

  test("an exchanged session sends its sockets back for the new one; a revoked one cannot be exchanged", async () => {
    await start(engine);
    const ada = await registerPerson(server.url, "ada");
    const wire = await openWire(server.url, { token: ada.token });
    const other = (await callEndpoint(server.url, "login", { body: { login: "ada", password } })).body as SignedIn;
    const stepUp = (token: string) => callEndpoint(server.url, "stepUp", { token, body: { password } });
    const raced = await Promise.all([stepUp(ada.token), stepUp(ada.token)]);
    expect(raced.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 401]);
    const goodbye = await wire.find("goodbye");
    expect(goodbye).toMatchObject({ code: closeCodes.sessionRenewed, reconnect: true });
    expect((await wire.closed).code).toBe(closeCodes.sessionRenewed);
    const won = raced.find(({ status }) => status === 200);
    const { token } = (won?.body ?? { token: "" }) as SteppedUp;
    const again = await openWire(server.url, { token });
    await again.close();
    const exchanged = await stepUp(other.token);
    expect(exchanged.status).toBe(200);
    await callEndpoint(server.url, "revokeOtherSessions", { token });
    expect(await look((exchanged.body as SteppedUp).token)).toBe("auth.token_invalid");
    expect((await stepUp((exchanged.body as SteppedUp).token)).status).toBe(401);
  });
});
