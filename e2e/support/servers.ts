import {
  type ServerProcess,
  startServerProcess,
  withoutLimits,
} from "../../packages/server/test/support/server.process.ts";
import { startTestServer } from "../../packages/server/test/support/test.server.ts";

/** A server that a file's scenarios visit. */
export interface StageServer {
  readonly origin: string;
  /** Ends it and removes its data. */
  dispose(): Promise<void>;
}

/** Starts servers in processes of their own, without limits. `env` is what an operator would set. */
export function freshServer(env: Record<string, string> = {}): () => Promise<ServerProcess> {
  return () => startServerProcess({ env: { ...withoutLimits, ...env } });
}

/** A clock that goes on by itself, and can be moved on. */
export interface MovingClock {
  /** Milliseconds since 1970. */
  now(): number;
  advance(milliseconds: number): void;
}

export function movingClock(): MovingClock {
  let ahead = 0;
  return { now: () => Date.now() + ahead, advance: (milliseconds) => void (ahead += milliseconds) };
}

/** Starts servers that go by `clock`: composed as ever, but in the process of the tests. */
export function clockedServer(clock: MovingClock, env: Record<string, string> = {}): () => Promise<StageServer> {
  return async () => {
    const { url, stop } = await startTestServer({ clock, env: { ...withoutLimits, ...env } });
    return { origin: url, dispose: async () => void (await stop()) };
  };
}
