import { z } from "zod";
import { HelixError } from "../helix/errors.ts";
import { type HelixRoute, pageOf, pagination } from "../helix/router.ts";
import { type Conduit, type Conduits, putOnSocket, type Shard, shardWire } from "./conduits.ts";
import type { Sockets } from "./sockets.ts";
import { isCallback } from "./subscriptions.http.ts";
import type { Subscriptions } from "./subscriptions.ts";
import type { Webhooks } from "./webhooks.ts";

export interface ConduitRoutesDeps {
  conduits: Conduits;
  subscriptions: Subscriptions;
  sockets: Sockets;
  webhooks: Webhooks;
  changed(): void;
}

const count = z.looseObject({ shard_count: z.number() });
const resized = count.extend({ id: z.string() });
const shardForm = z.looseObject({
  id: z.union([z.string(), z.number()]).transform(String),
  transport: z.looseObject({
    method: z.string(),
    session_id: z.string().optional(),
    callback: z.string().optional(),
    secret: z.string().optional(),
  }),
});
const shardsForm = z.looseObject({ conduit_id: z.string(), shards: z.array(shardForm).min(1) });

const conduitWire = ({ id, shards }: Conduit) => ({ id, shard_count: shards.length });

function read<T>(form: z.ZodType<T>, body: unknown): T {
  const parsed = form.safeParse(body);
  if (parsed.success) return parsed.data;
  throw new HelixError(400, `missing or invalid field: ${parsed.error.issues[0]?.path.join(".") ?? ""}`);
}

/** Listing, making, resizing and deleting conduits, and what their shards send to. All with app tokens. */
export function conduitRoutes({
  conduits,
  subscriptions,
  sockets,
  webhooks,
  changed,
}: ConduitRoutesDeps): HelixRoute[] {
  /** Gives a shard something to send to. Returns why not. */
  function assign(shard: Shard, { transport }: z.infer<typeof shardForm>): string | undefined {
    if (transport.method === "websocket") {
      const session = sockets.find(transport.session_id ?? "");
      if (session === undefined || !session.isOpen())
        return "websocket transport session does not exist or has already disconnected";
      putOnSocket(shard, session);
      return undefined;
    }
    if (transport.method !== "webhook") return "invalid transport method";
    const { callback = "", secret = "" } = transport;
    if (!isCallback(callback)) return "callback must be a valid https URL on port 443";
    if (!/^[\x20-\x7e]{10,100}$/.test(secret)) return "secret must be between 10 and 100 ASCII characters";
    shard.transport = { method: "webhook", callback, secret };
    shard.status = "webhook_callback_verification_pending";
    const about = { type: "conduit", version: "1" };
    const prove = async () => {
      const isProven = await webhooks.verify({ callback, secret }, about, shardWire(shard));
      shard.status = isProven ? "enabled" : "webhook_callback_verification_failed";
      changed();
    };
    setImmediate(() => void prove());
    return undefined;
  }

  const path = "/helix/eventsub/conduits";
  return [
    {
      method: "GET",
      path,
      operation: "conduits.list",
      who: "app",
      answer: ({ caller }) => Response.json({ data: conduits.of(caller.clientId).map(conduitWire) }),
    },
    {
      method: "POST",
      path,
      operation: "conduits.create",
      who: "app",
      async answer({ caller, body }) {
        const { shard_count: shardCount } = read(count, await body());
        return Response.json({ data: [conduitWire(conduits.create(caller.clientId, shardCount))] });
      },
    },
    {
      method: "PATCH",
      path,
      operation: "conduits.update",
      who: "app",
      async answer({ caller, body }) {
        const { id, shard_count: shardCount } = read(resized, await body());
        const conduit = conduits.find(caller.clientId, id);
        conduits.resize(conduit, shardCount);
        return Response.json({ data: [conduitWire(conduit)] });
      },
    },
    {
      method: "DELETE",
      path,
      operation: "conduits.delete",
      who: "app",
      answer({ caller, query }) {
        const conduit = conduits.find(caller.clientId, query.get("id") ?? "");
        conduits.remove(conduit);
        // What was subscribed through it goes with it.
        for (const { id, transport } of subscriptions.all())
          if (transport.method === "conduit" && transport.conduitId === conduit.id) subscriptions.remove(id);
        changed();
        return new Response(null, { status: 204 });
      },
    },
    {
      method: "GET",
      path: `${path}/shards`,
      operation: "shards.list",
      who: "app",
      answer({ caller, query }) {
        const { shards } = conduits.find(caller.clientId, query.get("conduit_id") ?? "");
        const status = query.get("status");
        const wanted = shards.filter((each) => status === null || each.status === status);
        const { page, cursor } = pageOf(wanted, new URLSearchParams({ first: "100", after: query.get("after") ?? "" }));
        return Response.json({ data: page.map(shardWire), pagination: pagination(cursor) });
      },
    },
    {
      method: "PATCH",
      path: `${path}/shards`,
      operation: "shards.update",
      who: "app",
      async answer({ caller, body }) {
        const form = read(shardsForm, await body());
        const conduit = conduits.find(caller.clientId, form.conduit_id);
        const done: Shard[] = [];
        const errors: { id: string; message: string; code: string }[] = [];
        for (const each of form.shards) {
          const shard = conduit.shards.find(({ id }) => id === each.id);
          const message = shard === undefined ? "The shard id is outside of the conduit's range" : assign(shard, each);
          if (message !== undefined) errors.push({ id: each.id, message, code: "invalid_parameter" });
          else if (shard !== undefined) done.push(shard);
        }
        changed();
        return Response.json({ data: done.map(shardWire), errors }, { status: 202 });
      },
    },
  ];
}
