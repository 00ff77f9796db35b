import { type EndpointName, routes } from "@foyer/protocol";
import fc from "fast-check";
import { hostileValue, type KnownIds } from "./hostile.frames.ts";

/** One HTTP request, as it goes out. */
export interface HostileRequest {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: string | Buffer | undefined;
}

/** Operations that would end the session the test acts with. They have tests of their own. */
const suicidal = new Set<EndpointName>(["logout", "changePassword", "revokeOtherSessions", "revokeSession"]);

/** Bodies that the server would accept. */
function validBodies({ accountId }: KnownIds): Partial<Record<EndpointName, Record<string, unknown>>> {
  return {
    register: { handle: "somebody", password: "correct horse battery", displayName: "Some Body" },
    login: { login: "somebody", password: "wrong horse battery" },
    updateProfile: { displayName: "Another Name", email: null },
    createRoom: { kind: "private", name: "A room", topic: "of things", slowModeSeconds: 0 },
    updateRoom: { name: "Another name", topic: "", slowModeSeconds: 0 },
    markRoomRead: { offset: 2 },
    createInvite: { expiresInSeconds: 3600, maxUses: 2 },
    sendMessage: { message: "over HTTP", clientId: "h-1" },
    editMessage: { message: "better" },
    pinMessage: { on: true },
    muteMember: { accountId, seconds: 1, reason: "a test" },
    banMember: { accountId, seconds: 1, reason: "a test", address: false },
    banFromServer: { accountId, seconds: 1, reason: "a test", address: false },
    reportMessage: { reason: "a test" },
    closeReport: { outcome: "dismissed" },
    createWordFilter: { kind: "pattern", expression: "(a+)+$zzzz" },
    updateAccount: { role: "member" },
  };
}

/** What stands in a path: mostly something that exists, under the right name, so that the rest of the request counts. */
function segment(name: string, ids: KnownIds): fc.Arbitrary<string> {
  const hostile = fc.oneof(
    fc.constantFrom(ids.roomId, ids.messageId, ids.accountId, "0192aaaa-0000-7000-8000-000000000000"),
    fc.constantFrom(
      "..",
      "%2e%2e%2f",
      "%00",
      "%ff",
      "a".repeat(3_000),
      "general%0d%0aX: y",
      "null",
      "-1",
      "%F0%9F%98%80",
      ";",
    ),
    fc.string({ maxLength: 30 }).map((text) => encodeURIComponent(text.toWellFormed())),
  );
  const right: Record<string, string> = { roomId: ids.roomId, messageId: ids.messageId, accountId: ids.accountId };
  const known = right[name];
  return known === undefined
    ? hostile
    : fc.oneof({ weight: 3, arbitrary: fc.constant(known) }, { weight: 1, arbitrary: hostile });
}

const queryValue = fc.oneof(
  fc.constantFrom(
    "",
    "0",
    "-1",
    "1e9",
    "NaN",
    "999999999999999999999",
    "%00",
    "' or 1=1",
    "*",
    '"',
    "NEAR(",
    "a OR",
    "^",
    "general",
  ),
  fc.string({ maxLength: 40 }),
);
const query = fc
  .array(
    fc.tuple(
      fc.constantFrom("limit", "before", "after", "around", "q", "cursor", "roomId", "from", "state", "action"),
      queryValue,
    ),
    {
      maxLength: 3,
    },
  )
  .map((pairs) => {
    const parts = pairs.map(([name, value]) => `${name}=${encodeURIComponent(value.toWellFormed())}`);
    return parts.length > 0 ? `?${parts.join("&")}` : "";
  });

function body(name: EndpointName, ids: KnownIds): fc.Arbitrary<HostileRequest["body"]> {
  const valid = validBodies(ids)[name] ?? {};
  const fields = Object.entries(valid);
  const mutated = fc
    .tuple(fc.nat(10), fc.boolean(), fc.string(), hostileValue)
    .map(([index, replace, extra, value]) => {
      const changed = [...fields];
      if (replace && changed.length > 0) {
        const at = index % changed.length;
        changed[at] = [changed[at]?.[0] ?? extra, value];
      } else changed.push([extra, value]);
      return `{${changed.map(([field, held]) => `${JSON.stringify(field)}:${JSON.stringify(held) ?? "null"}`).join(",")}}`;
    });
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant(JSON.stringify(valid)) },
    { weight: 6, arbitrary: mutated },
    { weight: 1, arbitrary: fc.json() },
    { weight: 1, arbitrary: fc.string({ maxLength: 300 }) },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)) },
  );
}

/** A request to one of the operations that is wrong in its path, query, body or headers, or in none of them. */
export function hostileRequest(ids: KnownIds): fc.Arbitrary<HostileRequest> {
  const names = (Object.keys(routes) as EndpointName[]).filter((name) => !suicidal.has(name));
  return fc.constantFrom(...names).chain((name) => {
    const route = routes[name];
    const holes = [...route.path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? "");
    return fc.record({
      method: fc.oneof(
        { weight: 9, arbitrary: fc.constant<string>(route.method) },
        { weight: 1, arbitrary: fc.constantFrom("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD") },
      ),
      path: fc.tuple(fc.tuple(...holes.map((hole) => segment(hole, ids))), query).map(([values, search]) => {
        let next = 0;
        return route.path.replace(/\{\w+\}/g, () => values[next++] ?? "") + search;
      }),
      headers: fc.constantFrom<Record<string, string>>(
        { "content-type": "application/json" },
        { "content-type": "application/json" },
        { "content-type": "application/json; charset=utf-8", "x-forwarded-for": "1.2.3.4, not an address" },
        { "content-type": "text/plain" },
        { "content-type": "application/x-www-form-urlencoded", accept: "text/html" },
        {},
      ),
      body: body(name, ids),
    });
  });
}
