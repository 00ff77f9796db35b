import type { Logger } from "pino";
import type { HearingMemo } from "./hearing.memo.ts";
import type { Twitch, TwitchMessage, TwitchSocket } from "./twitch.port.ts";

/** The socket by which a server without a public address hears: the one shard of its conduit. */
export interface Shard {
  /** Opens the socket. A second time nothing happens. */
  open(): void;
  close(): Promise<void>;
  /** The conduit that events come by now; undefined: none yet. */
  conduitId(): string | undefined;
}

export interface ShardDeps {
  twitch: Pick<Twitch, "api" | "openSocket">;
  memo: HearingMemo;
  /** Whether this node is (still) the one that listens. */
  leads: () => boolean;
  /** Takes one message; resolves when it cannot get lost any more. */
  message(message: TwitchMessage): Promise<void>;
  /** Events come in again, after a time in which they may have been lost. */
  connected(): void;
  log: Logger;
}

export function createShard(deps: ShardDeps): Shard {
  const { memo, log } = deps;
  const { api } = deps.twitch;
  let socket: TwitchSocket | undefined;
  let conduit: string | undefined;
  let closing: Promise<void> = Promise.resolve();

  /** The conduit that was used before, as long as Twitch has it: the EventSub subscriptions hang on it. */
  async function ensureConduit(): Promise<string> {
    const [{ conduitId }, there] = await Promise.all([memo.recall(), api.conduits()]);
    if (conduitId !== null && there.includes(conduitId)) return conduitId;
    const made = await api.createConduit();
    if (made === undefined) {
      await memo.remember({ problem: "Twitch allows this application no more conduits." });
      throw new Error("Twitch allows no more conduits");
    }
    await memo.remember({ conduitId: made });
    return made;
  }

  async function register(sessionId: string): Promise<void> {
    if (!deps.leads()) throw new Error("another node listens now");
    const conduitId = await ensureConduit();
    if (!(await api.setShard(conduitId, sessionId))) throw new Error("Twitch did not take the socket as a shard");
    conduit = conduitId;
    await memo.remember({ connected: true, problem: null });
    deps.connected();
  }

  const noted = (change: Parameters<HearingMemo["remember"]>[0]) =>
    memo.remember(change).catch((error: unknown) => log.error({ err: error }, "could not be written down"));

  return {
    open() {
      socket ??= deps.twitch.openSocket({
        async session(sessionId) {
          try {
            await register(sessionId);
          } catch (error) {
            log.warn({ err: error }, "the socket of EventSub could not be registered");
            throw error;
          }
        },
        message: deps.message,
        lost(why) {
          void noted({ connected: false, problem: `The socket of EventSub is not there (${why}).` });
        },
      });
    },
    close() {
      const open = socket;
      socket = undefined;
      conduit = undefined;
      if (open !== undefined) closing = open.close().then(() => noted({ connected: false }));
      return closing;
    },
    conduitId: () => conduit,
  };
}
