import { join } from "node:path";
import { Child } from "../child.process.ts";
import type { MeasuredServer } from "../servers/server.process.ts";
import type { LoadAnswer, LoadCommand, LoadResults } from "./load.commands.ts";

/** A load process for one server. */
export interface Load {
  run<D extends LoadCommand["do"]>(command: Extract<LoadCommand, { do: D }>): Promise<LoadResults[D]>;
  stop(): Promise<void>;
}

/** Starts a load process, on a core of its own if there is one. */
export function startLoad(server: MeasuredServer, core: number | undefined): Load {
  const child = new Child("the load", {
    script: join(import.meta.dirname, "load.process.ts"),
    arguments: [server.kind, String(server.port)],
    env: {},
    core,
  });
  return {
    async run<D extends LoadCommand["do"]>(command: Extract<LoadCommand, { do: D }>) {
      const answer = await child.ask<LoadAnswer>(command);
      if ("error" in answer) throw new Error(`${server.kind}, ${command.do}: ${answer.error}`);
      return answer.value as LoadResults[D];
    },
    stop: () => child.stop(),
  };
}
