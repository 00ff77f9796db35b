import { randomBytes } from "node:crypto";
import type { Hono } from "hono";
import type { Calls } from "../harness/calls.ts";
import type { Faults } from "../harness/faults.ts";
import type { TwitchApp, TwitchGrants } from "./twitch.grants.ts";
import { type GrantType, twitchError } from "./twitch.oauth.ts";
import type { TwitchPerson } from "./twitch.people.ts";

export interface DeviceDeps {
  people: readonly TwitchPerson[];
  apps: ReadonlyMap<string, TwitchApp>;
  grants: TwitchGrants;
  grantTypes: Map<string, GrantType>;
  faults: Faults;
  calls: Calls;
  now: () => number;
}

interface Pending {
  clientId: string;
  userCode: string;
  scopes: string[];
  expiresAt: number;
  person?: TwitchPerson | undefined;
  used: boolean;
}

const LIFE_SECONDS = 1800;
const GRANT = "urn:ietf:params:oauth:grant-type:device_code";

/**
 * Mounts the device flow: `POST /oauth2/device`, the page `GET /activate` (`?device-code=…&person=<login>` allows it
 * at once), and its grant type at the token endpoint. Fault kinds of the operation `device`: `error`, `slow`,
 * `disconnect`.
 */
export function mountDevice(app: Hono, deps: DeviceDeps): void {
  const pending = new Map<string, Pending>();

  app.post("/oauth2/device", async (context) => {
    deps.calls.count("device");
    if ((await deps.faults.meet("device", "before")) === "error") return twitchError(500, "internal error");
    const form = new URLSearchParams(await context.req.text());
    const clientId = form.get("client_id") ?? "";
    if (!deps.apps.has(clientId)) return twitchError(400, "invalid client");
    const deviceCode = randomBytes(20).toString("hex");
    const userCode = randomBytes(4).toString("hex").toUpperCase();
    const scopes = (form.get("scopes") ?? form.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
    pending.set(deviceCode, { clientId, userCode, scopes, expiresAt: deps.now() + LIFE_SECONDS * 1000, used: false });
    return context.json({
      device_code: deviceCode,
      expires_in: LIFE_SECONDS,
      interval: 5,
      user_code: userCode,
      verification_uri: `${new URL(context.req.url).origin}/activate?public=true&device-code=${userCode}`,
    });
  });

  app.get("/activate", (context) => {
    const code = context.req.query("device-code");
    const found = [...pending.values()].find(({ userCode }) => userCode === code);
    if (found === undefined) return context.text("This code is not known.", 404);
    found.person = deps.people.find(({ login }) => login === context.req.query("person"));
    if (found.person !== undefined) return context.text("You can close this window.");
    const links = deps.people.map(
      ({ login }) => `<li><a href="?device-code=${code}&amp;person=${login}">${login}</a></li>`,
    );
    return context.html(
      `<!doctype html><title>Twitch (simulated)</title><h1>Allow ${code}?</h1><ul>${links.join("")}</ul>`,
    );
  });

  deps.grantTypes.set(GRANT, (form, client) => {
    const found = pending.get(form.get("device_code") ?? "");
    if (found === undefined || found.used || found.clientId !== client.clientId) {
      return twitchError(400, "invalid device code");
    }
    if (found.expiresAt <= deps.now()) return twitchError(400, "expired device code");
    if (found.person === undefined) return twitchError(400, "authorization_pending");
    found.used = true;
    return deps.grants.issue(client.clientId, found.person, found.scopes);
  });
}
