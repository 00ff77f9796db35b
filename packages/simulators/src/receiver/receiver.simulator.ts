import { Hono } from "hono";
import { type Calls, createCalls } from "../harness/calls.ts";
import { type Changes, createChanges } from "../harness/changes.ts";
import { mountControls } from "../harness/controls.ts";
import { createFaults, type Fault } from "../harness/faults.ts";
import { type Listening, type ListenOptions, listen } from "../harness/listen.ts";
import { type SignatureProblem, signatureProblem } from "./signature.ts";

/** A webhook that came. `problem` null: its signature is good. */
export interface ReceivedWebhook {
  /** Of the header `webhook-id`. */
  id: string;
  name: string;
  at: number;
  problem: SignatureProblem | null;
  headers: Headers;
  text: string;
  /** The body as JSON; undefined: it is none. */
  body: unknown;
}

/** Somebody's server that takes webhooks. */
export interface WebhookReceiver extends Listening {
  calls: Calls;
  /** Where webhooks under a name go. */
  address(name: string): string;
  /** What those under a name are signed with; until it is told, all are refused. */
  expect(name: string, secret: string): void;
  /** What was taken under a name, or at all: good signatures, also those whose answer was lost. */
  taken(name?: string): ReceivedWebhook[];
  /** What was refused for its signature. */
  refused(): ReceivedWebhook[];
  /** Waits until `look` finds something; asked again after every webhook. */
  until: Changes["until"];
  fault(fault: Fault): void;
  clearFaults(): void;
}

/** How the receiver is started. `redirectTo`: where the fault `redirect` leads. */
export interface ReceiverOptions extends ListenOptions {
  redirectTo?: string;
  now?: () => number;
}

const BIG_ANSWER = 16 * 1024 * 1024;

/**
 * Starts a receiver of webhooks on the loopback address. Answers 204, or 401 for a signature that does not count. Fault
 * kinds of the operation `hook`: `error` (500, or `status`), `gone` (410), `limited` (429, for `ms`), `redirect` (302),
 * `endless` (an answer of 16 MB), and those of every simulator.
 */
export async function startReceiver(options: ReceiverOptions = {}): Promise<WebhookReceiver> {
  const now = options.now ?? (() => Date.now());
  const faults = createFaults(now);
  const calls = createCalls();
  const changes = createChanges();
  const secrets = new Map<string, string>();
  const received: ReceivedWebhook[] = [];
  const app = new Hono();
  app.onError((error) => {
    throw error;
  });
  mountControls(app, { faults, calls });

  function faultAnswer({ kind, status = 500, ms = 1000 }: Fault): Response {
    if (kind === "gone") return new Response(null, { status: 410 });
    if (kind === "limited")
      return new Response(null, { status: 429, headers: { "retry-after": String(Math.ceil(ms / 1000)) } });
    if (kind === "redirect")
      return new Response(null, { status: 302, headers: { location: options.redirectTo ?? "http://127.0.0.1:1/" } });
    if (kind === "endless") return new Response("x".repeat(BIG_ANSWER));
    return new Response(null, { status });
  }

  app.post("/hooks/:name", async (context) => {
    calls.count("hook");
    const before = await faults.take("hook", "before");
    if (before !== undefined) return faultAnswer(before);
    const name = context.req.param("name");
    const { headers } = context.req.raw;
    const text = await context.req.text();
    const problem = signatureProblem(secrets.get(name), headers, text, now()) ?? null;
    received.push({ id: headers.get("webhook-id") ?? "", name, at: now(), problem, headers, text, body: json(text) });
    changes.notify();
    const after = await faults.take("hook", "after");
    if (after !== undefined) return faultAnswer(after);
    return new Response(null, { status: problem === null ? 204 : 401 });
  });

  const listening = await listen((request) => app.fetch(request), options);
  return {
    ...listening,
    calls,
    address: (name) => `${listening.url}/hooks/${encodeURIComponent(name)}`,
    expect: (name, secret) => void secrets.set(name, secret),
    taken: (name) => received.filter((each) => each.problem === null && (name === undefined || each.name === name)),
    refused: () => received.filter(({ problem }) => problem !== null),
    until: changes.until,
    fault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
