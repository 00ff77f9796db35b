import type { IForbiddenRuleType, IRegularForbiddenRuleType } from "dependency-cruiser";

const server = "^packages/server/src/";
const modules = `${server}modules/`;
const isTest = "\\.(test|bench)\\.tsx?$|/test/";

/** Modules in dependency order: each may use the doors of those before it. */
const moduleOrder = ["identity", "billing", "files", "chat", "calls", "alerts", "assistant"];

const face = "\\.(http|socket|tools)\\.ts$";
const adapter = "\\.(sql|sqlite|postgres|libsql|redis|dynamo|s3|memory)\\.ts$";
const port = "\\.(store|port|gateway)\\.ts$";
const door = `${modules}[^/]+/index\\.ts$`;
/** Shapes and names: what ports speak of. They hold no behaviour of a use case. */
const shapes = "\\.(store|port|gateway|tables|schema|events|errors|types)\\.ts$|/caller\\.ts$";
const drivers =
  "(^|node_modules/)(pg|pg-[^/]+|redis|@redis/[^/]+|@libsql/[^/]+|@aws-sdk/[^/]+|ws|@discordjs/[^/]+|@twurple/[^/]+|stripe)(/|$)|^(node:)?sqlite$";

const rule = (
  name: string,
  comment: string,
  from: IRegularForbiddenRuleType["from"],
  to: IRegularForbiddenRuleType["to"],
): IForbiddenRuleType => ({ name, comment, severity: "error", from, to });

/** The dependency rule of ARCHITECTURE.md, each part with a name. Every name has a fixture that proves that it fires. */
export const rules: IForbiddenRuleType[] = [
  rule(
    "protocol-imports-zod-alone",
    "The contract knows nobody.",
    { path: "^packages/protocol/src/", pathNot: isTest },
    { pathNot: "^packages/protocol/src/|(^|node_modules/)zod(/|$)" },
  ),
  rule(
    "client-imports-protocol-alone",
    "The SDK runs in browsers and in Node, with nothing else installed.",
    { path: "^packages/client/src/", pathNot: isTest },
    { pathNot: "^packages/(client|protocol)/src/" },
  ),
  rule(
    "web-imports-protocol-and-client-alone",
    "The pages speak to the server over the wire, like everybody.",
    { path: "^packages/web/src/", pathNot: isTest },
    { path: "^(packages|bench|e2e|infra|scripts)/", pathNot: "^packages/(web|client|protocol)/src/" },
  ),
  rule(
    "platform-imports-no-module",
    "What any product needs knows nothing of this one.",
    { path: `${server}platform/`, pathNot: isTest },
    { path: `${server}(modules|transports|providers|app|entrypoints)/` },
  ),
  rule(
    "transports-import-no-module",
    "Machinery has no features.",
    { path: `${server}transports/`, pathNot: isTest },
    { path: `${server}(modules|providers|app|entrypoints)/` },
  ),
  rule(
    "providers-stay-outside",
    "Outside services implement ports; they serve nobody by name.",
    { path: `${server}providers/`, pathNot: isTest },
    { path: `${server}(transports|app|entrypoints)/` },
  ),
  ...moduleOrder
    .slice(0, -1)
    .map((name, index) =>
      rule(
        `module-order-${name}`,
        "Modules use those to their left; in the other direction they publish events.",
        { path: `${modules}${name}/`, pathNot: isTest },
        { path: `${modules}(${moduleOrder.slice(index + 1).join("|")})/` },
      ),
    ),
  rule(
    "module-known",
    "A new module has its place in the order first.",
    { path: `${modules}(?!(${moduleOrder.join("|")})/)` },
    { path: ".*" },
  ),
  rule(
    "module-doors-between-modules",
    "A module is entered by its index.ts.",
    { path: `${modules}([^/]+)/`, pathNot: isTest },
    { path: modules, pathNot: [`${modules}$1/`, door] },
  ),
  rule(
    "module-doors-from-outside",
    "A module is entered by its index.ts.",
    { path: `${server}(app|entrypoints|providers|transports|platform)/`, pathNot: isTest },
    { path: modules, pathNot: door },
  ),
  rule(
    "modules-import-no-app",
    "Modules are given what they need; they do not fetch it.",
    { path: modules, pathNot: isTest },
    { path: `${server}(app|entrypoints|providers)/` },
  ),
  rule(
    "use-cases-import-no-face-or-adapter",
    "Use cases know ports. The door (index.ts) puts the parts together.",
    { path: modules, pathNot: [isTest, door, face, adapter] },
    { path: [`${modules}.*${face}`, `${modules}.*${adapter}`] },
  ),
  rule(
    "use-cases-import-no-transport",
    "Sockets and requests never enter a use case.",
    { path: modules, pathNot: [isTest, door, face] },
    { path: `${server}transports/` },
  ),
  rule(
    "faces-import-no-adapter",
    "A face calls use cases.",
    { path: `${modules}.*${face}`, pathNot: isTest },
    { path: `${modules}.*${adapter}` },
  ),
  rule(
    "adapters-import-no-face",
    "An adapter stores; it answers nobody.",
    { path: `${modules}.*${adapter}`, pathNot: isTest },
    { path: `${modules}.*${face}` },
  ),
  rule(
    "ports-import-no-use-case",
    "A port is shaped by its consumer but does not call it.",
    { path: `${modules}.*${port}`, pathNot: isTest },
    { path: modules, pathNot: [shapes, door] },
  ),
  rule(
    "policies-are-pure",
    "Who may is decided from facts that are handed in.",
    { path: `${modules}.*\\.policy\\.ts$` },
    { path: `${server}(platform/(?!errors/|clock/)|modules/.*(${port}|${adapter}))` },
  ),
  rule(
    "drivers-in-adapters-alone",
    "Drivers and SDKs stay where they can be exchanged.",
    {
      path: server,
      pathNot: [isTest, adapter, `${server}(providers|transports|app/backends|platform/db)/`],
    },
    { path: drivers },
  ),
  rule(
    "encryption-in-the-vault-alone",
    "Whoever has a secret gives it to the vault.",
    { path: server, pathNot: [isTest, `${server}platform/vault/`] },
    { path: "(^|node_modules/)@aws-crypto/" },
  ),
  rule(
    "only-entrypoints-import-app",
    "Composition is the outermost ring but one.",
    { path: server, pathNot: [isTest, `${server}(app|entrypoints)/`] },
    { path: `${server}app/` },
  ),
  rule(
    "nothing-imports-entrypoints",
    "An entrypoint is run, not used.",
    { path: "^packages/", pathNot: `${server}entrypoints/|${isTest}` },
    { path: `${server}entrypoints/` },
  ),
  rule(
    "sources-import-no-test-or-simulator",
    "What ships does not depend on what proves it.",
    { path: "^packages/(?!simulators/)[^/]+/src/", pathNot: isTest },
    { path: `^packages/simulators/|^(e2e|bench|scripts)/|${isTest}` },
  ),
  rule(
    "no-cycles",
    "Two files that need each other are one file. Types alone may point back.",
    { pathNot: isTest },
    { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
  ),
];
