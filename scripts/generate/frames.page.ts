import { z } from "zod";
import { profile } from "../../packages/protocol/src/accounts.ts";
import { closeCodes, defaultLimits, mayReconnect } from "../../packages/protocol/src/constants.ts";
import { errorBody, errorStatus } from "../../packages/protocol/src/errors.ts";
import { clientFrames, position, presenceState, replyData, serverFrames } from "../../packages/protocol/src/frames.ts";
import { limits } from "../../packages/protocol/src/limits.ts";
import { attachment, message, messagePage, reaction, replyPreview } from "../../packages/protocol/src/messages.ts";
import { room, roomRights, roomView } from "../../packages/protocol/src/rooms.ts";
import { clientId, emoji, id, roomId, time } from "../../packages/protocol/src/values.ts";

/** Shapes with a name of their own: shown once, and linked from wherever they are used. */
const shapes: Record<string, z.ZodType> = {
  Message: message,
  Profile: profile,
  Reaction: reaction,
  ReplyPreview: replyPreview,
  Attachment: attachment,
  MessagePage: messagePage,
  Room: room,
  RoomView: roomView,
  RoomRights: roomRights,
  Presence: presenceState,
  Position: position,
  Limits: limits,
  Error: errorBody,
};

/** Values with a name that says more than their pattern. */
const values: Record<string, z.ZodType> = { id, "room id": roomId, "client id": clientId, emoji, time };

interface Schema {
  $ref?: string;
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Schema[];
  items?: Schema;
  properties?: Record<string, Schema>;
  required?: string[];
  default?: unknown;
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  maxItems?: number;
}

const registry = z.registry<{ id: string }>();
for (const [name, schema] of Object.entries({ ...shapes, ...values })) registry.add(schema, { id: name });

function schemaOf(schema: z.ZodType): Schema {
  const whole = z.toJSONSchema(schema, { metadata: registry, io: "input" }) as Schema & {
    $defs?: Record<string, Schema>;
  };
  // A named shape at the top is given as a reference to itself.
  const name = whole.$ref?.replace("#/$defs/", "");
  return name === undefined ? whole : (whole.$defs?.[name] ?? whole);
}

function bounds(schema: Schema): string {
  const parts: string[] = [];
  if (schema.minimum !== undefined && schema.minimum > -Number.MAX_SAFE_INTEGER) parts.push(`from ${schema.minimum}`);
  if (schema.maximum !== undefined && schema.maximum < Number.MAX_SAFE_INTEGER) parts.push(`to ${schema.maximum}`);
  if (schema.maxLength !== undefined) parts.push(`at most ${schema.maxLength} characters`);
  if (schema.maxItems !== undefined) parts.push(`at most ${schema.maxItems}`);
  if (schema.default !== undefined) parts.push(`default ${JSON.stringify(schema.default)}`);
  return parts.length > 0 ? ` (${parts.join(", ")})` : "";
}

function typeName(schema: Schema): string {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.replace("#/$defs/", "");
    return name in shapes ? `[${name}](#${name.toLowerCase()})` : name;
  }
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum !== undefined) {
    const shown =
      schema.enum.length > 12 ? ["one of the codes below"] : schema.enum.map((value) => `\`${String(value)}\``);
    return shown.join(", ");
  }
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeName).join(" or ");
  if (schema.type === "array") return `list of ${typeName(schema.items ?? {})}${bounds(schema)}`;
  if (schema.type === "object" && schema.properties !== undefined) {
    const fields = Object.entries(schema.properties).map(([name, field]) => {
      return `${name}${schema.required?.includes(name) ? "" : "?"}: ${typeName(field)}`;
    });
    return `{ ${fields.join(", ")} }`;
  }
  const names: Record<string, string> = { string: "text", integer: "whole number", number: "number", null: "null" };
  return `${names[schema.type ?? ""] ?? schema.type ?? "any"}${bounds(schema)}`;
}

function fields(schema: z.ZodType, hidden: readonly string[] = []): string {
  const { properties = {}, required = [] } = schemaOf(schema);
  const rows = Object.entries(properties)
    .filter(([name]) => !hidden.includes(name))
    .map(([name, field]) => `| \`${name}\` | ${typeName(field)} | ${required.includes(name) ? "" : "may be absent"} |`);
  return rows.length === 0 ? "No fields." : ["| field | | |", "| --- | --- | --- |", ...rows].join("\n");
}

function clientFrame(action: keyof typeof clientFrames): string[] {
  return [
    `### ${action}`,
    "",
    fields(clientFrames[action], ["action", "requestId"]),
    "",
    action === "typing" ? "No answer; may be dropped." : "Answer's `data`:",
    "",
    ...(action === "typing" ? [] : [fields(replyData[action]), ""]),
  ];
}

/** The page docs/integrate/frames.md: every frame of the WebSocket protocol, from the schemas that check them. */
export function framesPage(): string {
  const actions = Object.keys(clientFrames) as (keyof typeof clientFrames)[];
  return [
    "# Frames",
    "",
    "Every frame of `GET /ws`, generated from the schemas that the server checks with. How they work together is in",
    "[protocol.md](protocol.md).",
    "",
    "## From clients",
    "",
    "One JSON object in each text message, with its `action`. `requestId` (at most 64 characters) comes back in the",
    "answer. Fields that are not known are ignored.",
    "",
    ...actions.flatMap(clientFrame),
    "## From the server",
    "",
    "Each text message holds one or more JSON objects joined by `\\n`, each with its `type`.",
    "",
    ...Object.entries(serverFrames).flatMap(([type, schema]) => [`### ${type}`, "", fields(schema, ["type"]), ""]),
    "## Shapes",
    "",
    "An id is a UUIDv7 in small letters; `general` is the one room id that is a word. Times are ISO 8601 in UTC.",
    "",
    ...Object.entries(shapes).flatMap(([name, schema]) => [`### ${name}`, "", fields(schema), ""]),
    "## Close codes",
    "",
    "| code | | connect again |",
    "| --- | --- | --- |",
    ...Object.entries(closeCodes).map(([name, code]) => {
      const words = name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
      return `| ${code} | ${words} | ${mayReconnect(code) ? "yes" : "no: it will not help"} |`;
    }),
    "",
    "## Limits",
    "",
    "Told in `hello`. An operator may change them.",
    "",
    "| limit | default |",
    "| --- | --- |",
    ...Object.entries(defaultLimits).map(([name, value]) => `| \`${name}\` | ${value} |`),
    "",
    "## Error codes",
    "",
    "The same over the socket and over HTTP. A code keeps its meaning; texts may change.",
    "",
    "| code | HTTP status |",
    "| --- | --- |",
    ...Object.entries(errorStatus).map(([code, status]) => `| \`${code}\` | ${status} |`),
    "",
  ].join("\n");
}
