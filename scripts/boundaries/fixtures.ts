/** A small tree that breaks exactly one part of the rule, and the same tree put right. Contents by path. */
export interface Fixture {
  rule: string;
  wrong: Record<string, string>;
  right: Record<string, string>;
}

const server = "packages/server/src";
const module = `${server}/modules`;
const leaf = "export const leaf = 1;\n";

/** A file that imports `to`, written so that type checkers and dead code tools have nothing else to say. */
const uses = (to: string): string => `import { leaf } from "${to}";\nexport const used = leaf;\n`;

/** The commonest shape: `from` imports `bad`, which it may not, and `good`, which it may. Both are given as [path, specifier]. */
function pair(rule: string, from: string, bad: [string, string], good: [string, string]): Fixture {
  const tree = ([path, specifier]: [string, string]): Record<string, string> =>
    path === "" ? { [from]: uses(specifier) } : { [from]: uses(specifier), [path]: leaf };
  return { rule, wrong: tree(bad), right: tree(good) };
}

const order = (name: string, next: string, allowed: [string, string]): Fixture =>
  pair(
    `module-order-${name}`,
    `${module}/${name}/things.ts`,
    [`${module}/${next}/index.ts`, `../${next}/index.ts`],
    allowed,
  );
const platformErrors: [string, string] = [
  `${server}/platform/errors/app.error.ts`,
  "../../platform/errors/app.error.ts",
];
const identityDoor: [string, string] = [`${module}/identity/index.ts`, "../identity/index.ts"];

/** One for each part of the dependency rule. */
export const fixtures: Fixture[] = [
  pair("protocol-imports-zod-alone", "packages/protocol/src/frames.ts", ["", "hono"], ["", "zod"]),
  pair(
    "client-imports-protocol-alone",
    "packages/client/src/client.ts",
    ["", "node:fs"],
    ["packages/protocol/src/index.ts", "../../protocol/src/index.ts"],
  ),
  pair(
    "web-imports-protocol-and-client-alone",
    "packages/web/src/app.tsx",
    [`${server}/platform/leaf.ts`, "../../server/src/platform/leaf.ts"],
    ["packages/client/src/index.ts", "../../client/src/index.ts"],
  ),
  pair(
    "platform-imports-no-module",
    `${server}/platform/jobs/jobs.ts`,
    [`${module}/chat/index.ts`, "../../modules/chat/index.ts"],
    [`${server}/platform/clock/clock.ts`, "../clock/clock.ts"],
  ),
  pair(
    "transports-import-no-module",
    `${server}/transports/http/server.ts`,
    [`${module}/identity/index.ts`, "../../modules/identity/index.ts"],
    [`${server}/platform/clock/clock.ts`, "../../platform/clock/clock.ts"],
  ),
  pair(
    "providers-stay-outside",
    `${server}/providers/discord/client.ts`,
    [`${server}/transports/http/server.ts`, "../../transports/http/server.ts"],
    [`${module}/alerts/index.ts`, "../../modules/alerts/index.ts"],
  ),
  order("identity", "chat", platformErrors),
  order("billing", "files", identityDoor),
  order("files", "chat", identityDoor),
  order("chat", "assistant", identityDoor),
  order("calls", "alerts", identityDoor),
  order("alerts", "assistant", identityDoor),
  {
    rule: "module-known",
    wrong: { [`${module}/gossip/index.ts`]: uses("./things.ts"), [`${module}/gossip/things.ts`]: leaf },
    right: { [`${module}/chat/index.ts`]: uses("./things.ts"), [`${module}/chat/things.ts`]: leaf },
  },
  pair(
    "module-doors-between-modules",
    `${module}/chat/things.ts`,
    [`${module}/identity/accounts.ts`, "../identity/accounts.ts"],
    identityDoor,
  ),
  pair(
    "module-doors-from-outside",
    `${server}/app/compose.ts`,
    [`${module}/identity/accounts.ts`, "../modules/identity/accounts.ts"],
    [`${module}/identity/index.ts`, "../modules/identity/index.ts"],
  ),
  pair(
    "modules-import-no-app",
    `${module}/chat/things.ts`,
    [`${server}/providers/twitch/client.ts`, "../../providers/twitch/client.ts"],
    platformErrors,
  ),
  pair(
    "use-cases-import-no-face-or-adapter",
    `${module}/chat/rooms.ts`,
    [`${module}/chat/rooms.store.sql.ts`, "./rooms.store.sql.ts"],
    [`${module}/chat/rooms.store.ts`, "./rooms.store.ts"],
  ),
  pair(
    "use-cases-import-no-transport",
    `${module}/chat/rooms.ts`,
    [`${server}/transports/http/http.face.ts`, "../../transports/http/http.face.ts"],
    platformErrors,
  ),
  pair(
    "faces-import-no-adapter",
    `${module}/chat/chat.http.ts`,
    [`${module}/chat/rooms.store.sql.ts`, "./rooms.store.sql.ts"],
    [`${server}/transports/http/http.face.ts`, "../../transports/http/http.face.ts"],
  ),
  pair(
    "adapters-import-no-face",
    `${module}/chat/rooms.store.sql.ts`,
    [`${module}/chat/chat.http.ts`, "./chat.http.ts"],
    [`${module}/chat/rooms.store.ts`, "./rooms.store.ts"],
  ),
  pair(
    "ports-import-no-use-case",
    `${module}/chat/rooms.store.ts`,
    [`${module}/chat/rooms.ts`, "./rooms.ts"],
    [`${module}/chat/chat.tables.ts`, "./chat.tables.ts"],
  ),
  pair(
    "policies-are-pure",
    `${module}/chat/chat.policy.ts`,
    [`${module}/chat/rooms.store.ts`, "./rooms.store.ts"],
    [`${module}/chat/chat.tables.ts`, "./chat.tables.ts"],
  ),
  pair(
    "drivers-in-adapters-alone",
    `${module}/chat/rooms.store.ts`,
    ["", "node:sqlite"],
    [`${module}/chat/chat.tables.ts`, "./chat.tables.ts"],
  ),
  {
    rule: "drivers-in-adapters-alone",
    wrong: { [`${server}/app/compose.ts`]: uses("pg") },
    right: { [`${server}/app/backends/embedded.ts`]: uses("pg"), [`${module}/chat/rooms.store.sql.ts`]: uses("pg") },
  },
  {
    rule: "drivers-in-adapters-alone",
    wrong: { [`${server}/platform/bus/bus.ts`]: uses("ws") },
    right: { [`${server}/transports/websocket/socket.ts`]: uses("ws") },
  },
  {
    rule: "encryption-in-the-vault-alone",
    wrong: { [`${module}/identity/credentials/tokens.ts`]: uses("@aws-crypto/client-node") },
    right: { [`${server}/platform/vault/envelope.ts`]: uses("@aws-crypto/client-node") },
  },
  {
    rule: "only-entrypoints-import-app",
    wrong: { "packages/server/src/tools.ts": uses("./app/compose.ts"), [`${server}/app/compose.ts`]: leaf },
    right: { [`${server}/entrypoints/server.ts`]: uses("../app/compose.ts"), [`${server}/app/compose.ts`]: leaf },
  },
  {
    rule: "nothing-imports-entrypoints",
    wrong: { [`${server}/app/compose.ts`]: uses("../entrypoints/cli.ts"), [`${server}/entrypoints/cli.ts`]: leaf },
    right: { [`${server}/entrypoints/cli.ts`]: uses("../app/compose.ts"), [`${server}/app/compose.ts`]: leaf },
  },
  pair(
    "sources-import-no-test-or-simulator",
    `${server}/app/backends/embedded.ts`,
    ["packages/simulators/src/twitch.ts", "../../../../simulators/src/twitch.ts"],
    [`${server}/platform/clock/clock.ts`, "../../platform/clock/clock.ts"],
  ),
  {
    rule: "no-cycles",
    wrong: {
      "packages/client/src/a.ts": 'import { b } from "./b.ts";\nexport const a = () => b;\n',
      "packages/client/src/b.ts": 'import { a } from "./a.ts";\nexport const b = () => a;\n',
    },
    right: {
      "packages/client/src/a.ts": 'import { b } from "./b.ts";\nexport const a = () => b;\n',
      "packages/client/src/b.ts": 'import type { a } from "./a.ts";\nexport const b = (given: typeof a) => given;\n',
    },
  },
  source("environment-in-config-alone", "platform/config/config.ts", "export const port = process.env.PORT;\n"),
  source(
    "environment-in-config-alone",
    "platform/config/config.ts",
    'import { env } from "node:process";\nexport { env };\n',
  ),
  source("environment-in-config-alone", "platform/config/config.ts", "export const { env } = process;\n"),
  source("clock-in-platform-alone", "platform/clock/clock.ts", "export const now = () => Date.now();\n"),
  source("clock-in-platform-alone", "platform/clock/clock.ts", "export const now = () => new Date();\n"),
  source("randomness-in-platform-alone", "platform/clock/clock.ts", "export const dice = () => Math.random();\n"),
  source("randomness-in-platform-alone", "platform/clock/clock.ts", "export const id = () => crypto.randomUUID();\n"),
  source(
    "randomness-in-platform-alone",
    "platform/clock/clock.ts",
    'import { randomBytes } from "node:crypto";\nexport { randomBytes };\n',
  ),
];

/** The same text in a module, where it is wrong, and in its one home. */
function source(rule: string, home: string, text: string): Fixture {
  return { rule, wrong: { [`${module}/chat/things.ts`]: text }, right: { [`${server}/${home}`]: text } };
}
