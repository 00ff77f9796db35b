import { onTestFinished } from "vitest";
import { type ClientOptions, createClient, type FoyerClient } from "../../src/index.ts";
import { ScriptedServer } from "./scripted.server.ts";
import { until } from "./until.ts";

/** A server and a client that is not connected yet, both gone at the end of the test. Waits between attempts are short. */
export async function serverAndClient(
  options: Partial<ClientOptions> = {},
): Promise<{ server: ScriptedServer; client: FoyerClient }> {
  const server = await ScriptedServer.start();
  const client = createClient({ url: server.url, backoff: { baseMs: 20, capMs: 100 }, ...options });
  onTestFinished(async () => {
    client.close();
    await server.stop();
  });
  return { server, client };
}

/** The same, connected. */
export async function connected(
  options: Partial<ClientOptions> = {},
): Promise<{ server: ScriptedServer; client: FoyerClient }> {
  const both = await serverAndClient(options);
  both.client.connect();
  await until("online", () => both.client.connection.status === "online");
  return both;
}
