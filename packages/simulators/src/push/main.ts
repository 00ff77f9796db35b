import { startPush } from "./push.simulator.ts";

const [port = "4583", ...names] = process.argv.slice(2);
const push = await startPush({ port: Number(port) });
const phones = (names.length === 0 ? ["a phone"] : names).map((name) => push.subscribe({ name }));
process.stdout.write(
  [
    `A push service is simulated at ${push.url}, where what arrives is shown. Everything is gone when it ends.`,
    "Foyer reaches it with OUTGOING_NETWORKS=127.0.0.0/8. Subscriptions, as browsers give them:",
    ...phones.map((each) => JSON.stringify(each.json())),
    "",
  ].join("\n"),
);
for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.on(signal, () => void push.close().then(() => process.exit(0)));
