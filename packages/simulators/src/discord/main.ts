import { mainLines } from "../harness/main.lines.ts";
import { startDiscord } from "./discord.simulator.ts";

const [port = "4581"] = process.argv.slice(2);
const discord = await startDiscord({ port: Number(port) });
process.stdout.write(mainLines("Discord", discord.url, discord.environment));
for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.on(signal, () => void discord.close().then(() => process.exit(0)));
