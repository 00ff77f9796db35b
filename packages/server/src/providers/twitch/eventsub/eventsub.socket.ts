import type { Logger } from "pino";
import type { SocketListener, TwitchMessage, TwitchSocket } from "../../../modules/alerts/index.ts";
import type { Ids } from "../../../platform/clock/clock.ts";
import { pauseOf } from "../../../platform/outbox/backoff.ts";
import { type Connection, openConnection } from "./eventsub.connection.ts";

export interface EventSubSocketDeps {
  /** Default: Twitch's. */
  url?: string | undefined;
  ids: Pick<Ids, "fraction">;
  log: Logger;
}

/** The least that Twitch allows: a dead connection is noticed so much sooner. */
const KEEPALIVE_SECONDS = 10;
const pace = { firstMs: 500, longestMs: 30_000 };

/**
 * A socket that is opened again whatever ends it, with growing pauses. When Twitch moves it, the old connection hears
 * on until the new one was welcomed, so that nothing falls between them; the session stays the same then.
 */
export function openEventSubSocket(deps: EventSubSocketDeps, listener: SocketListener): TwitchSocket {
  const { ids, log } = deps;
  const home = new URL(deps.url ?? "wss://eventsub.wss.twitch.tv/ws");
  home.searchParams.set("keepalive_timeout_seconds", String(KEEPALIVE_SECONDS));
  let current: Connection | undefined;
  let next: Connection | undefined;
  let session: string | undefined;
  let tries = 0;
  let timer: NodeJS.Timeout | undefined;
  let closing = false;
  let taking: Promise<void> = Promise.resolve();

  function take(message: TwitchMessage): void {
    taking = taking.then(() => listener.message(message));
  }

  function later(work: () => void): void {
    tries += 1;
    clearTimeout(timer);
    timer = setTimeout(work, pauseOf(pace, { tries, fraction: ids.fraction() }));
  }

  function lost(why: string): void {
    session = undefined;
    log.warn({ reason: why, attempt: tries }, "the socket of EventSub was lost");
    listener.lost(why);
    later(() => {
      next = open(home.href);
    });
  }

  function welcomed(connection: Connection, sessionId: string): void {
    if (connection !== next) return;
    const old = current;
    current = connection;
    next = undefined;
    // What Twitch has sent to the old one until now still comes.
    void old?.close();
    if (old !== undefined && sessionId === session) {
      tries = 0;
      return;
    }
    register(connection, sessionId, old !== undefined);
  }

  /** `isMoved`: Twitch may have moved by itself what was registered before, so that the connection is worth keeping. */
  function register(connection: Connection, sessionId: string, isMoved: boolean): void {
    session = sessionId;
    listener.session(sessionId).then(
      () => {
        if (current === connection) tries = 0;
      },
      () => {
        if (current !== connection || closing) return;
        if (isMoved) {
          later(() => {
            if (current === connection) register(connection, sessionId, true);
          });
        } else {
          void connection.close();
          ended(connection, "not_registered");
        }
      },
    );
  }

  function moved(connection: Connection, url: string): void {
    if (connection !== current || next !== undefined || closing) return;
    if (!URL.canParse(url) || new URL(url).protocol !== home.protocol) return;
    next = open(url, () => later(() => moved(connection, url)));
  }

  /** `again`: what to do instead of beginning anew, as long as the old connection is there. */
  function ended(connection: Connection, why: string, again?: () => void): void {
    if (closing) return;
    if (connection === next) {
      next = undefined;
      if (current === undefined) lost(why);
      else again?.();
    } else if (connection === current) {
      current = undefined;
      // Whatever happens to the new one: for a moment nobody listened.
      session = undefined;
      if (next === undefined) lost(why);
    }
  }

  function open(url: string, again?: () => void): Connection {
    const connection: Connection = openConnection(url, {
      welcome: (sessionId) => welcomed(connection, sessionId),
      reconnect: (address) => moved(connection, address),
      message: take,
      ended: (why) => ended(connection, why, again),
    });
    return connection;
  }

  next = open(home.href);
  return {
    async close() {
      closing = true;
      clearTimeout(timer);
      await Promise.all([current?.close(), next?.close()]);
      await taking;
    },
  };
}
