import { z } from "zod";

export type JsonSchema = Record<string, unknown>;

/**
 * JSON Schema (2020-12) of what the server sends. Schemas that hold each other refer to each other by `uri(name)`.
 */
export function jsonSchemas(
  named: ReadonlyMap<z.ZodType, string>,
  uri: (name: string) => string,
): Record<string, JsonSchema> {
  const registry = z.registry<{ id: string }>();
  for (const [schema, id] of named) registry.add(schema, { id });
  const { schemas } = z.toJSONSchema(registry, { io: "output", unrepresentable: "any", uri, override: openEnded });
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => {
      const { $schema: _, $id: __, id: ___, ...rest } = schema as JsonSchema;
      return [name, rest];
    }),
  );
}

/** JSON Schema of one schema as a caller writes it. */
export function inputSchema(schema: z.ZodType): JsonSchema {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any", override: tidy });
  return rest;
}

/** Leaves out what says a thing twice: patterns beside a format, and the bounds of a safe integer. */
function tidy({ jsonSchema }: { jsonSchema: JsonSchema }): void {
  if ("format" in jsonSchema) delete jsonSchema["pattern"];
  if (jsonSchema["maximum"] === Number.MAX_SAFE_INTEGER) delete jsonSchema["maximum"];
  if (jsonSchema["minimum"] === Number.MIN_SAFE_INTEGER) delete jsonSchema["minimum"];
}

/** Answers may grow fields: a client that refuses unknown ones would break with the next version. */
function openEnded(context: { jsonSchema: JsonSchema }): void {
  tidy(context);
  if (context.jsonSchema["additionalProperties"] === false) delete context.jsonSchema["additionalProperties"];
}
