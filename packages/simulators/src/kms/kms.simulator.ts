import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { type Calls, createCalls } from "../harness/calls.ts";
import { mountControls } from "../harness/controls.ts";
import { createFaults, type Fault } from "../harness/faults.ts";
import { type Listening, type ListenOptions, listen } from "../harness/listen.ts";
import { faultErrors, KmsError } from "./kms.errors.ts";
import { createKmsKeys, type KeyState, type KmsKey } from "./kms.keys.ts";
import { createOperations } from "./kms.operations.ts";
import { checkSignature, simulatorCredentials } from "./kms.signature.ts";

/** AWS KMS that runs here. Keys live as long as it does. */
export interface KmsSimulator extends Listening {
  credentials: typeof simulatorCredentials;
  region: string;
  calls: Calls;
  createKey(alias?: string): KmsKey;
  setKeyState(name: string, state: KeyState): void;
  removeKey(name: string): void;
  /** Kinds: `throttled`, `access_denied`, `internal`, `slow`, `disconnect`. */
  fault(fault: Fault): void;
  clearFaults(): void;
}

/** How the simulator is started. `keys`: aliases of keys that exist from the start. */
export interface KmsOptions extends ListenOptions {
  region?: string;
  account?: string;
  keys?: readonly string[];
}

/** Starts AWS KMS on the loopback address: JSON 1.1, signed requests, real keys. */
export async function startKms(options: KmsOptions = {}): Promise<KmsSimulator> {
  const region = options.region ?? "us-east-1";
  const keys = createKmsKeys({ region, account: options.account ?? "000000000000" });
  for (const alias of options.keys ?? []) keys.create(alias);
  const operations = createOperations(keys);
  const faults = createFaults();
  const calls = createCalls();
  const app = new Hono();
  app.onError((error) => {
    throw error;
  });
  mountControls(app, { faults, calls });
  app.post("/_simulator/keys", async (context) => {
    const { alias } = await context.req.json<{ alias?: string }>();
    return context.json(keys.create(alias));
  });
  app.put("/_simulator/keys/:name/state", async (context) => {
    keys.setState(context.req.param("name"), (await context.req.json<{ state: KeyState }>()).state);
    return context.body(null, 204);
  });

  app.post("/", async (context) => {
    const target = context.req.header("x-amz-target") ?? "";
    const name = target.replace(/^TrentService\./, "");
    const body = await context.req.text();
    try {
      checkSignature(context.req.raw, body);
      const operation = target.startsWith("TrentService.") ? operations[name] : undefined;
      if (operation === undefined) throw new KmsError("UnknownOperationException", "");
      calls.count(name);
      const wrong = faultErrors[(await faults.meet(name, "before")) ?? ""];
      if (wrong !== undefined) throw wrong();
      const answer = operation(JSON.parse(body));
      await faults.meet(name, "after");
      return json(200, answer);
    } catch (error) {
      if (!(error instanceof KmsError)) throw error;
      return json(error.status, { __type: error.type, message: error.message });
    }
  });

  const listening = await listen((request) => app.fetch(request), options);
  return {
    ...listening,
    credentials: simulatorCredentials,
    region,
    calls,
    createKey: (alias) => keys.create(alias),
    setKeyState: (name, state) => keys.setState(name, state),
    removeKey: (name) => keys.remove(name),
    fault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
  };
}

function json(status: number, body: object): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/x-amz-json-1.1", "x-amzn-requestid": randomUUID() },
  });
}
