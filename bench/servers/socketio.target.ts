import { join } from "node:path";
import { type MeasuredServer, measuring, startMeasured } from "./server.process.ts";

/** Starts the peer. `recovery` switches its connection state recovery on. */
export async function startSocketIo(options: {
  core: number | undefined;
  recovery?: boolean;
}): Promise<MeasuredServer> {
  const child = startMeasured("Socket.IO", {
    script: join(import.meta.dirname, "socketio.server.ts"),
    arguments: options.recovery ? ["--recovery"] : [],
    env: { NODE_ENV: "production" },
    core: options.core,
  });
  const { port } = await child.next<{ port: number }>();
  return {
    kind: "socketio",
    port,
    tokens: [""],
    rooms: { crowd: "crowd", few: "few" },
    ...measuring(child),
    stop: () => child.stop(),
  };
}
