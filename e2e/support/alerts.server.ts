import { createClient, type FoyerClient } from "@foyer/client";
import { type Person, password } from "../../packages/server/test/support/people.ts";
import {
  type ServerProcess,
  startServerProcess,
  withoutLimits,
} from "../../packages/server/test/support/server.process.ts";
import { greenRoom, type Outside, startOutside } from "../../scripts/demo/outside.ts";
import { linkOutside } from "../../scripts/demo/visitor.ts";

/** A Foyer with a Twitch, a Discord, a push service and a receiver of webhooks around it, all simulated. */
export interface AlertsServer extends ServerProcess {
  readonly outside: Outside;
  /** The server under its name, as providers send people back to it: for `baseURL` of a window. */
  readonly address: string;
  /** Links somebody with a person at Twitch (`ada`, `bo_live`, `grace_runs`) or Discord (`ada.d`, `grace.d`, `linus.d`). */
  link(person: Person, provider: "twitch" | "discord", login: string): Promise<void>;
  /** The API as this person, typed. */
  api(person: Person): FoyerClient["api"];
}

/** The server of Discord that `ada.d` owns and that has the bot in it: channels live-now, general and crew. */
export const green = { guildId: greenRoom };
/** Foyer's own alerts: rooms, phones and webhooks. */
export const here = { guildId: "here" } as const;

/** Starts such servers, without limits. `env` is what an operator would set besides. */
export function alertsServer(env: Record<string, string> = {}): () => Promise<AlertsServer> {
  return async () => {
    const outside = await startOutside();
    try {
      const server = await startServerProcess({
        env: { ...withoutLimits, LIMIT_API_PER_MINUTE: "0", ...outside.settings, ...env },
      });
      const address = server.origin.replace("127.0.0.1", "localhost");
      return {
        ...server,
        outside,
        address,
        link: (person, provider, login) =>
          linkOutside(address, { handle: person.account.handle, password }, provider, login),
        api: ({ token }) => createClient({ url: server.origin, token }).api,
        async dispose() {
          await server.dispose();
          await outside.close();
        },
      };
    } catch (error) {
      await outside.close();
      throw error;
    }
  };
}

/**
 * Makes `owner` (of the Foyer) the one who announces: linked with Discord (`ada.d`) and Twitch (`ada`); alerts of ada and
 * bo_live go to #live-now of the Green Room and, in Foyer, to the room general. Resolves with the ids that this made.
 */
export async function announceStreams(server: AlertsServer, owner: Person) {
  await server.link(owner, "discord", "ada.d");
  await server.link(owner, "twitch", "ada");
  const api = server.api(owner);
  const [channelId = ""] = server.outside.discord.world.guild(greenRoom).channels.keys();
  const channel = await api.createDestination({
    params: green,
    body: { kind: "discord", name: "#live-now", channelId },
  });
  const room = await api.createDestination({ params: here, body: { kind: "room", roomId: "general" } });
  for (const params of [green, here]) {
    // Every start is news, however soon after the last one.
    await api.updateGuildConfig({ params, body: { reannounceMinutes: 0 } });
    for (const login of ["ada", "bo_live"]) await api.addGuildStreamer({ params, body: { login } });
  }
  return { channelId, destinationId: channel.destinationId, roomDestinationId: room.destinationId };
}

/** Waits until Twitch tells this server of everybody who is announced. */
export async function untilHeard(server: AlertsServer, owner: Person): Promise<void> {
  const api = server.api(owner);
  const end = performance.now() + 60_000;
  for (;;) {
    const { items } = await api.listStreamers();
    if (items.length > 0 && items.every(({ hearing }) => hearing === "ok")) return;
    if (performance.now() > end) throw new Error("Twitch does not tell of everybody");
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}
