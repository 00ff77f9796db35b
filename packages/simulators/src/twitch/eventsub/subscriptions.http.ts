import { z } from "zod";
import { HelixError } from "../helix/errors.ts";
import { type HelixCaller, type HelixRoute, pageOf, pagination } from "../helix/router.ts";
import type { Conduits } from "./conduits.ts";
import type { Sockets } from "./sockets.ts";
import { type Subscription, type Subscriptions, subscriptionWire, type Transport } from "./subscriptions.ts";
import { type EventType, eventTypes } from "./types.ts";
import type { Webhooks } from "./webhooks.ts";

export interface SubscriptionRoutesDeps {
  subscriptions: Subscriptions;
  conduits: Conduits;
  sockets: Sockets;
  webhooks: Webhooks;
  /** What a person has allowed an application; undefined: nothing. */
  allowed(clientId: string, userId: string): readonly string[] | undefined;
  changed(): void;
}

const createForm = z.looseObject({
  type: z.string(),
  version: z.string(),
  condition: z.record(z.string(), z.string()),
  transport: z.looseObject({
    method: z.string(),
    callback: z.string().optional(),
    secret: z.string().optional(),
    session_id: z.string().optional(),
    conduit_id: z.string().optional(),
  }),
});

/** Whether Twitch would post there: HTTPS on 443; and here plain HTTP on this machine, which the real one never takes. */
export function isCallback(callback: string): boolean {
  if (!URL.canParse(callback)) return false;
  const { protocol, port, hostname } = new URL(callback);
  if (/^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) return protocol === "http:" || protocol === "https:";
  return protocol === "https:" && port === "";
}

/** Listing, making and deleting subscriptions. */
export function subscriptionRoutes(deps: SubscriptionRoutesDeps): HelixRoute[] {
  const { subscriptions, conduits, sockets, webhooks } = deps;

  function conditionOf(caller: HelixCaller, kind: EventType, given: Record<string, string>): Record<string, string> {
    const condition: Record<string, string> = {};
    for (const key of [...kind.condition, ...(kind.optional ?? [])]) {
      const value = given[key] ?? "";
      if (value === "" && (kind.optional ?? []).includes(key)) continue;
      if (value === "") throw new HelixError(400, `missing or empty condition field: ${key}`);
      if (key.endsWith("user_id") && !/^\d+$/.test(value)) throw new HelixError(400, `invalid condition field: ${key}`);
      if (key === "client_id" && value !== caller.clientId)
        throw new HelixError(403, "the client_id must match the client id of the token");
      condition[key] = value;
    }
    return condition;
  }

  function transportOf(caller: HelixCaller, given: z.infer<typeof createForm>["transport"]): Transport {
    const isFor = { webhook: "app", conduit: "app", websocket: "user" }[given.method];
    if (isFor === undefined) throw new HelixError(400, "invalid transport method");
    if (isFor !== caller.kind) throw new HelixError(400, "invalid transport and auth combination");
    if (given.method === "conduit") {
      const conduit = conduits.find(caller.clientId, given.conduit_id ?? "");
      return { method: "conduit", conduitId: conduit.id };
    }
    if (given.method === "websocket") {
      const session = sockets.find(given.session_id ?? "");
      if (session === undefined || !session.isOpen())
        throw new HelixError(400, "websocket transport session does not exist or has already disconnected");
      return { method: "websocket", sessionId: session.id, connectedAt: session.connectedAt };
    }
    const { callback = "", secret = "" } = given;
    if (!isCallback(callback)) throw new HelixError(400, "callback must be a valid https URL on port 443");
    if (!/^[\x20-\x7e]{10,100}$/.test(secret))
      throw new HelixError(400, "secret must be between 10 and 100 ASCII characters");
    return { method: "webhook", callback, secret };
  }

  /** 0 where the broadcaster has allowed the application, else 1. Throws 403 where that is needed and not so. */
  function costOf(caller: HelixCaller, kind: EventType, condition: Record<string, string>): number {
    const userId = condition["broadcaster_user_id"] ?? condition["user_id"];
    if (userId === undefined) return 0;
    const scopes = deps.allowed(caller.clientId, userId);
    if (kind.scope !== undefined && !(scopes ?? []).includes(kind.scope))
      throw new HelixError(403, "subscription missing proper authorization");
    return scopes === undefined ? 1 : 0;
  }

  async function prove(subscription: Subscription): Promise<void> {
    if (subscription.transport.method !== "webhook") return;
    const isProven = await webhooks.verify(subscription.transport, subscription, subscriptionWire(subscription));
    subscription.status = isProven ? "enabled" : "webhook_callback_verification_failed";
    deps.changed();
  }

  return [
    {
      method: "GET",
      path: "/helix/eventsub/subscriptions",
      operation: "subscriptions.list",
      answer({ caller, query }) {
        const filters = ["status", "type", "user_id", "subscription_id"].filter((name) => query.has(name));
        if (filters.length > 1) throw new HelixError(400, "only one filter may be given");
        const own = subscriptions.of(caller).filter((each) => {
          const user = query.get("user_id");
          return (
            (query.get("status") ?? each.status) === each.status &&
            (query.get("type") ?? each.type) === each.type &&
            (query.get("subscription_id") ?? each.id) === each.id &&
            (user === null || Object.values(each.condition).includes(user))
          );
        });
        const { page, cursor } = pageOf(own, new URLSearchParams({ first: "100", after: query.get("after") ?? "" }));
        const { total, ...costs } = subscriptions.sums(caller);
        const body = { total, data: page.map(subscriptionWire), ...costs, pagination: pagination(cursor) };
        return Response.json(body);
      },
    },
    {
      method: "POST",
      path: "/helix/eventsub/subscriptions",
      operation: "subscriptions.create",
      async answer({ caller, body }) {
        const parsed = createForm.safeParse(await body());
        if (!parsed.success) {
          const field = parsed.error.issues[0]?.path.join(".") ?? "";
          throw new HelixError(400, `missing or invalid field: ${field}`);
        }
        const { type, version } = parsed.data;
        const kind = eventTypes.find((each) => each.type === type && each.version === version);
        if (kind === undefined) throw new HelixError(400, "invalid subscription type and version");
        const transport = transportOf(caller, parsed.data.transport);
        if (kind.webhookOnly === true && transport.method === "websocket")
          throw new HelixError(400, "subscription type is not available over websocket");
        const condition = conditionOf(caller, kind, parsed.data.condition);
        const subscription = subscriptions.add({
          clientId: caller.clientId,
          userId: caller.kind === "user" ? caller.user.id : undefined,
          status: transport.method === "webhook" ? "webhook_callback_verification_pending" : "enabled",
          type,
          version,
          condition,
          transport,
          cost: costOf(caller, kind, condition),
        });
        if (transport.method === "websocket") sockets.find(transport.sessionId)?.use();
        const answer = { data: [subscriptionWire(subscription)], ...subscriptions.sums(caller) };
        // Twitch asks for the proof after it has answered.
        setImmediate(() => void prove(subscription));
        deps.changed();
        return Response.json(answer, { status: 202 });
      },
    },
    {
      method: "DELETE",
      path: "/helix/eventsub/subscriptions",
      operation: "subscriptions.delete",
      answer({ caller, query }) {
        const id = query.get("id");
        if (id === null || id === "") throw new HelixError(400, 'The parameter "id" is required');
        if (!subscriptions.of(caller).some((each) => each.id === id))
          throw new HelixError(404, "subscription not found");
        subscriptions.remove(id);
        deps.changed();
        return new Response(null, { status: 204 });
      },
    },
  ];
}
