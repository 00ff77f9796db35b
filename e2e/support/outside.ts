import { startDiscord } from "@foyer/simulators/discord";
import { startOidc } from "@foyer/simulators/oidc";
import { startTwitch } from "@foyer/simulators/twitch";
import type { BrowserContext, Page } from "playwright-core";
import type { MovingClock } from "./servers.ts";
import type { Stage } from "./stage.ts";

/** Starts all simulated providers; `env` is what a server needs to know them. Always call `close`. */
export async function startProviders(clock?: MovingClock) {
  const options = clock === undefined ? {} : { now: () => clock.now() };
  const [twitch, discord, oidc] = await Promise.all([startTwitch(options), startDiscord(options), startOidc(options)]);
  return {
    twitch,
    discord,
    oidc,
    env: {
      TWITCH_CLIENT_ID: twitch.app.clientId,
      TWITCH_CLIENT_SECRET: twitch.app.clientSecret,
      TWITCH_ID_URL: twitch.url,
      TWITCH_API_URL: twitch.url,
      DISCORD_CLIENT_ID: discord.app.clientId,
      DISCORD_CLIENT_SECRET: discord.app.clientSecret,
      DISCORD_API_URL: `${discord.url}/api`,
      OIDC_ISSUER: oidc.url,
      OIDC_CLIENT_ID: oidc.app.clientId,
      OIDC_CLIENT_SECRET: oidc.app.clientSecret,
    },
    close: () => Promise.all([twitch.close(), discord.close(), oidc.close()]),
  };
}

/**
 * The server under its name: passkeys belong to names, and providers send people back to the server's own address. For
 * `visitor` and `enter`.
 */
export const named = (stage: Stage) => ({ baseURL: stage.server.origin.replace("127.0.0.1", "localhost") });

/** Plugs an authenticator into a window: it has a finger on it already, and keeps passkeys until it is unplugged. */
export async function plugAuthenticator(context: BrowserContext, page: Page): Promise<{ unplug: () => Promise<void> }> {
  const devtools = await context.newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  const { authenticatorId } = await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    unplug: async () => void (await devtools.send("WebAuthn.removeVirtualAuthenticator", { authenticatorId })),
  };
}
