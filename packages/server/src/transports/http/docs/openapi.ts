import {
  account,
  auditEntry,
  type Endpoint,
  type EndpointName,
  endpoints,
  errorStatus,
  limits,
  message,
  problem,
  profile,
  session,
} from "@foyer/protocol";
import { OpenAPIHono } from "@hono/zod-openapi";
import type { z } from "zod";
import { inputSchema, jsonSchemas } from "./json.schema.ts";

type Registry = OpenAPIHono["openAPIRegistry"];
type RouteConfig = Parameters<Registry["registerPath"]>[0];

const TAGS: Record<string, string> = {
  server: "The server itself",
  auth: "Signing in, sessions, one's own account",
  accounts: "Other people",
  rooms: "Rooms and their members",
  invites: "Links into rooms",
  messages: "Reading and writing without a socket",
  moderation: "Mutes, bans, filters, reports",
  admin: "For those who run the server",
};

const ABOUT = `Sign in by \`POST /api/auth/login\`: it sets the session cookie and answers with the same token for \`Authorization: Bearer\`.
Requests that change something need the bearer token, or the cookie together with an \`Origin\` of this server.
Errors are \`application/problem+json\` (RFC 9457); \`code\` is stable, texts may change. Live events come over the WebSocket at \`/ws\`.`;

/** The OpenAPI 3.1 document of the whole endpoints table. */
export function openApiDocument(): Record<string, unknown> {
  const { registry, document } = createDocument();
  const schemas = responseSchemas();
  for (const [name, schema] of Object.entries(schemas.components)) registry.registerComponent("schemas", name, schema);
  registry.registerComponent("securitySchemes", "bearer", {
    type: "http",
    scheme: "bearer",
    description: "The token that signing in answers with.",
  });
  registry.registerComponent("securitySchemes", "session", {
    type: "apiKey",
    in: "cookie",
    name: "foyer",
    description: "The session cookie: `__Host-foyer` where the server is reached by https.",
  });
  for (const status of new Set(Object.values(errorStatus))) {
    registry.registerComponent("responses", `Problem${status}`, problemAnswer(status));
  }
  for (const name of Object.keys(endpoints) as EndpointName[]) {
    registry.registerPath(operation(name, endpoints[name], schemas.names.get(name)));
  }
  return document();
}

function createDocument() {
  const app = new OpenAPIHono();
  return {
    registry: app.openAPIRegistry,
    document: () => {
      const document = app.getOpenAPI31Document({
        openapi: "3.1.0",
        // The version of the contract, not of the server: `GET /api/server` tells that.
        info: { title: "Foyer", version: "1", description: ABOUT, license: { name: "MIT" } },
        servers: [{ url: "/" }],
        tags: Object.entries(TAGS).map(([name, description]) => ({ name, description })),
      });
      return JSON.parse(JSON.stringify(document)) as Record<string, unknown>;
    },
  };
}

/** Every answer gets a name, so that generated clients have types with names. Same schema, same name. */
function responseSchemas() {
  const named = new Map<z.ZodType, string>([
    [profile, "Profile"],
    [account, "Account"],
    [session, "Session"],
    [message, "Message"],
    [auditEntry, "AuditEntry"],
    [limits, "Limits"],
    [problem, "Problem"],
    [endpoints.getRoom.response, "RoomView"],
    [endpoints.createInvite.response, "Invite"],
    [endpoints.banFromServer.response, "Ban"],
    [endpoints.createWordFilter.response, "WordFilter"],
    [endpoints.listReports.response.shape.items.element, "Report"],
    [endpoints.listMembers.response.shape.members.element, "Member"],
    [endpoints.listMessages.response, "MessagePage"],
    [endpoints.register.response, "SignedIn"],
  ]);
  const names = new Map<EndpointName, string>();
  for (const name of Object.keys(endpoints) as EndpointName[]) {
    const endpoint: Endpoint = endpoints[name];
    if (endpoint.response === undefined) continue;
    const title = named.get(endpoint.response) ?? `${name.charAt(0).toUpperCase()}${name.slice(1)}Answer`;
    named.set(endpoint.response, title);
    names.set(name, title);
  }
  return { names, components: jsonSchemas(named, (name) => `#/components/schemas/${name}`) };
}

function operation(name: EndpointName, endpoint: Endpoint, answer: string | undefined): RouteConfig {
  const hasInput = endpoint.params !== undefined || endpoint.query !== undefined || endpoint.body !== undefined;
  const request: NonNullable<RouteConfig["request"]> = {};
  if (endpoint.params !== undefined) request.params = endpoint.params;
  if (endpoint.query !== undefined) request.query = endpoint.query;
  if (endpoint.body !== undefined) {
    request.body = { required: true, content: { "application/json": { schema: inputSchema(endpoint.body) } } };
  }
  const errors = [
    ...(hasInput ? [400] : []),
    ...(endpoint.auth === "none" ? [] : [401]),
    403,
    ...(endpoint.params === undefined ? [] : [404]),
    ...(endpoint.body === undefined ? [] : [413, 415]),
    429,
    500,
    503,
  ];
  return {
    operationId: name,
    method: endpoint.method.toLowerCase() as RouteConfig["method"],
    path: endpoint.path,
    tags: [endpoint.tag],
    summary: endpoint.summary,
    ...(endpoint.auth === "none" || endpoint.auth === "account"
      ? {}
      : { description: `Takes the role ${endpoint.auth}.` }),
    security: [...(endpoint.auth === "none" ? [{}] : []), { bearer: [] }, { session: [] }],
    request,
    responses: {
      [endpoint.status]:
        endpoint.file !== undefined
          ? { description: "A file", content: { [endpoint.file]: { schema: { type: "string" } } } }
          : answer === undefined
            ? { description: "Done" }
            : {
                description: "Done",
                content: { "application/json": { schema: { $ref: `#/components/schemas/${answer}` } } },
              },
      ...Object.fromEntries(errors.map((status) => [status, { $ref: `#/components/responses/Problem${status}` }])),
    },
  };
}

function problemAnswer(status: number) {
  const codes = Object.entries(errorStatus)
    .filter(([, mapped]) => mapped === status)
    .map(([code]) => `\`${code}\``);
  return {
    description: codes.join(", "),
    ...(status === 429 || status === 503
      ? { headers: { "retry-after": { description: "Seconds to wait", schema: { type: "integer" as const } } } }
      : {}),
    content: { "application/problem+json": { schema: { $ref: "#/components/schemas/Problem" } } },
  };
}
