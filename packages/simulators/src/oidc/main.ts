import { startOidc } from "./oidc.simulator.ts";

const [port = "4582"] = process.argv.slice(2);
const oidc = await startOidc({ port: Number(port) });
const { clientId, clientSecret } = oidc.app;
process.stdout.write(
  `An OpenID provider is simulated at ${oidc.url}. Everything is gone when it ends.\nOIDC_ISSUER=${oidc.url} OIDC_CLIENT_ID=${clientId} OIDC_CLIENT_SECRET=${clientSecret}\n`,
);
for (const signal of ["SIGTERM", "SIGINT"] as const)
  process.on(signal, () => void oidc.close().then(() => process.exit(0)));
