import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** cognito-local, a process of its own, with one pool and one client in it. */
export interface CognitoLocal {
  url: string;
  userPoolId: string;
  clientId: string;
  issuer: string;
  /** One call of Cognito's API; throws its error by name. */
  call<T = Record<string, unknown>>(operation: string, input: object): Promise<T>;
  /** The confirmation code that it sent somebody: it keeps what it knows in a file. */
  codeFor(username: string): string;
  stop(): Promise<void>;
}

/** Starts cognito-local on a free port in a folder of its own. `redirectUris`: where its sign-in page may send back to. */
export async function startCognitoLocal({ redirectUris = [] as string[] } = {}): Promise<CognitoLocal> {
  const folder = mkdtempSync(join(tmpdir(), "foyer-cognito-"));
  mkdirSync(join(folder, ".cognito"));
  // Its own default makes every name an e-mail address.
  writeFileSync(join(folder, ".cognito", "config.json"), '{"UserPoolDefaults":{"UsernameAttributes":[]}}');
  const port = await freePort();
  const script = fileURLToPath(import.meta.resolve("cognito-local/lib/bin/start.js"));
  const child = spawn(process.execPath, [script], {
    cwd: folder,
    env: { PATH: process.env.PATH, PORT: String(port), HOST: "127.0.0.1", NODE_NO_WARNINGS: "1" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (part: Buffer) => (output += part.toString()));
  const url = `http://127.0.0.1:${port}`;
  await ready(child, url, () => output);

  async function call<T>(operation: string, input: object): Promise<T> {
    const response = await fetch(url, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.1",
        "x-amz-target": `AWSCognitoIdentityProviderService.${operation}`,
      },
      body: JSON.stringify(input),
    });
    const body = (await response.json()) as T & { __type?: string; message?: string };
    if (!response.ok) throw new Error(`${operation}: ${body.__type ?? response.status} ${body.message ?? ""}`);
    return body;
  }

  const { UserPool } = await call<{ UserPool: { Id: string } }>("CreateUserPool", {
    PoolName: "people",
    AutoVerifiedAttributes: ["email"],
    UsernameAttributes: [],
    MfaConfiguration: "OPTIONAL",
  });
  const { UserPoolClient } = await call<{ UserPoolClient: { ClientId: string } }>("CreateUserPoolClient", {
    UserPoolId: UserPool.Id,
    ClientName: "foyer",
    CallbackURLs: redirectUris,
    AllowedOAuthFlows: ["code"],
    AllowedOAuthFlowsUserPoolClient: true,
  });
  return {
    url,
    userPoolId: UserPool.Id,
    clientId: UserPoolClient.ClientId,
    issuer: `${url}/${UserPool.Id}`,
    call,
    codeFor(username) {
      const file = readFileSync(join(folder, ".cognito", "db", `${UserPool.Id}.json`), "utf8");
      const { Users } = JSON.parse(file) as { Users: Record<string, { ConfirmationCode?: string } | undefined> };
      return Users[username]?.ConfirmationCode ?? "";
    },
    async stop() {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function ready(child: ChildProcess, url: string, output: () => string): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) break;
    const isUp = await fetch(`${url}/health`).then(
      (answer) => answer.ok,
      () => false,
    );
    if (isUp) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  child.kill();
  throw new Error(`cognito-local did not start: ${output().slice(-2000)}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}
