import { startKms } from "./kms.simulator.ts";

const [port = "4599", ...aliases] = process.argv.slice(2);
const kms = await startKms({ port: Number(port), keys: aliases.length === 0 ? ["alias/foyer"] : aliases });
const { accessKeyId, secretAccessKey } = kms.credentials;
process.stdout.write(
  [
    `AWS KMS is simulated at ${kms.url}. Its keys are gone when it ends.`,
    `KMS_ENDPOINT=${kms.url} KMS_KEY_ID=${aliases[0] ?? "alias/foyer"} AWS_REGION=${kms.region}`,
    `AWS_ACCESS_KEY_ID=${accessKeyId} AWS_SECRET_ACCESS_KEY=${secretAccessKey}`,
    "",
  ].join("\n"),
);
for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.on(signal, () => void kms.close().then(() => process.exit(0)));
