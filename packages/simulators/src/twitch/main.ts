import { mainLines } from "../harness/main.lines.ts";
import { startTwitch } from "./twitch.simulator.ts";

const [port = "4580"] = process.argv.slice(2);
const twitch = await startTwitch({ port: Number(port) });
process.stdout.write(mainLines("Twitch", twitch.url, twitch.environment));
for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.on(signal, () => void twitch.close().then(() => process.exit(0)));
