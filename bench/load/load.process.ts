import { Crowd } from "./crowd.ts";
import { foyerDialect } from "./foyer.dialect.ts";
import type { LoadAnswer, LoadCommand } from "./load.commands.ts";
import { acknowledge, deliver, latency, reconnect, type Scene } from "./load.measures.ts";
import { socketIoDialect } from "./socketio.dialect.ts";

/** The process that makes the load: it does one command after another, as told by its parent. */
const [server = "", port = "0"] = process.argv.slice(2);
const dialect = server === "foyer" ? foyerDialect : socketIoDialect;
const crowds = new Map<string, Crowd>();

function crowdOf(name: string): Crowd {
  const crowd = crowds.get(name) ?? new Crowd(dialect, Number(port));
  crowds.set(name, crowd);
  return crowd;
}

async function run(command: LoadCommand): Promise<unknown> {
  const crowd = crowdOf(command.crowd);
  const scene: Scene = { crowd, dialect, room: command.room };
  switch (command.do) {
    case "join":
      await crowd.join(entries(command));
      return {};
    case "leave":
      crowd.leave();
      return {};
    case "deliver":
      return deliver(scene, command.inFlight, command.seconds);
    case "acknowledge":
      return acknowledge(scene, command.inFlight, command.seconds);
    case "latency":
      return latency(scene, command.perSecond, command.seconds);
    case "reconnect":
      return reconnect(scene, crowdOf(command.writer), entries(command), command.missed);
  }
}

/** The accounts take turns, so that a few make up many connections. */
function entries({ count, room, tokens }: { count: number; room: string; tokens: readonly string[] }) {
  return Array.from({ length: count }, (_, index) => ({ room, token: tokens[index % tokens.length] }));
}

process.once("disconnect", () => process.exit());
process.on("message", (command: LoadCommand) => {
  run(command).then(
    (value) => process.send?.({ value } satisfies LoadAnswer),
    (error: unknown) =>
      process.send?.({ error: error instanceof Error ? error.message : String(error) } satisfies LoadAnswer),
  );
});
