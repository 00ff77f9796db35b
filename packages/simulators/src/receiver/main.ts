import { startReceiver } from "./receiver.simulator.ts";

const [port = "4584", secret] = process.argv.slice(2);
const receiver = await startReceiver({ port: Number(port) });
if (secret !== undefined) receiver.expect("foyer", secret);
process.stdout.write(
  `Webhooks are received at ${receiver.address("foyer")}. Foyer reaches it with OUTGOING_NETWORKS=127.0.0.0/8.\n${
    secret === undefined
      ? "All are refused: give the secret (whsec_…) behind the port to check signatures with it.\n"
      : ""
  }`,
);
let shown = 0;
const show = () => {
  const all = [...receiver.taken(), ...receiver.refused()].sort((one, other) => one.at - other.at);
  for (const { id, problem, text } of all.slice(shown)) process.stdout.write(`${problem ?? "good"} ${id} ${text}\n`);
  shown = all.length;
  return undefined;
};
void receiver.until(show, 2 ** 31 - 1);
for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.on(signal, () => void receiver.close().then(() => process.exit(0)));
