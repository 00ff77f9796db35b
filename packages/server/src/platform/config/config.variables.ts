import { duration, listOf, network, oneOf, origin, plainText, urlWith, variable, wholeNumber } from "./variable.ts";

const aLimit = (name: string, value: number, description: string) =>
  variable(name, "a whole number, 0 for unlimited", wholeNumber(0, 1_000_000_000), {
    defaultText: String(value),
    description,
  });

/** The settings of the server itself. The key is the name in `Config`. */
export const serverVariables = {
  port: variable("PORT", "a port from 0 to 65535 (0: any free one)", wholeNumber(0, 65_535), {
    defaultText: "3000",
    description: "Port that the server listens on.",
  }),
  host: variable("HOST", "a host name or an IP address", plainText, {
    defaultText: "127.0.0.1",
    description: "Address that the server listens on. `0.0.0.0` opens it to the network.",
  }),
  publicUrl: variable("PUBLIC_URL", "an http or https address without a path", origin, {
    defaultText: "http://localhost:$PORT",
    description: "Address that people open. Behind a proxy with TLS it begins with `https://`.",
  }),
  nodeEnv: variable("NODE_ENV", "development, production or test", oneOf(["development", "production", "test"]), {
    defaultText: "development",
    description: "`production` refuses weak settings.",
  }),
  logLevel: variable(
    "LOG_LEVEL",
    "trace, debug, info, warn, error or silent",
    oneOf(["trace", "debug", "info", "warn", "error", "silent"]),
    { defaultText: "info; warn on a terminal", description: "Least level of the lines that are logged." },
  ),
  dataDir: variable("DATA_DIR", "a folder", plainText, {
    defaultText: "data",
    description: "Folder of the embedded database, the keys that Foyer makes, and `foyer.json`.",
  }),
  databaseUrl: variable(
    "DATABASE_URL",
    "a file: or postgres:// address",
    urlWith("file:", "postgres:", "postgresql:"),
    { defaultText: "file:$DATA_DIR/foyer.db", description: "Where the data is: SQLite or Postgres.", secret: true },
  ),
  jwtSecret: variable(
    "JWT_SECRET",
    "at least 32 bytes of text",
    plainText.refine((text) => Buffer.byteLength(text) >= 32),
    { defaultText: "made in $DATA_DIR/jwt.secret", description: "Key that signs sessions.", secret: true },
  ),
  sessionSeconds: variable("SESSION_LIFETIME", "a duration such as 30m, 24h or 7d", duration, {
    defaultText: "24h",
    description: "How long a sign-in lasts.",
  }),
  jwtExpiresIn: variable("JWT_EXPIRES_IN", "a duration such as 30m, 24h or 7d", duration, {
    defaultText: "30m",
    description: "How long the token lasts that a sign-in from outside shows.",
  }),
  trustedProxies: variable("TRUSTED_PROXIES", "networks such as 10.0.0.0/8, separated by commas", listOf(network), {
    description: "Proxies whose `X-Forwarded-For` is believed.",
  }),
  outgoingNetworks: variable("OUTGOING_NETWORKS", "networks such as 10.0.0.0/8, separated by commas", listOf(network), {
    description:
      "Networks besides the internet that webhooks and push may be sent to, by http, too. Without it they leave for the internet alone.",
  }),
  allowedOrigins: variable(
    "ALLOWED_ORIGINS",
    "origins such as https://chat.example, separated by commas",
    listOf(origin),
    {
      defaultText: "$PUBLIC_URL",
      description: "Origins of pages that may use a visitor's session.",
    },
  ),
  guests: variable("GUESTS", "none, read or write", oneOf(["none", "read", "write"]), {
    defaultText: "none",
    description: "What guests may do in the room `general` when it is first made.",
  }),
  registration: variable("REGISTRATION", "open or closed", oneOf(["open", "closed"]), {
    defaultText: "open",
    description: "Whether strangers may make an account. The first account can always be made.",
  }),
  hstsSubdomains: variable("HSTS_SUBDOMAINS", "yes or no", oneOf(["yes", "no"]), {
    defaultText: "no",
    description:
      "With an https `PUBLIC_URL`: whether browsers are told to use TLS for every name below it, too. They remember it for a year.",
  }),
  metricsToken: variable(
    "METRICS_TOKEN",
    "at least 16 visible characters",
    plainText.refine((text) => /^[\x21-\x7e]{16,}$/.test(text)),
    {
      description: "Bearer token that opens `/metrics` to other machines; without it only this one may read it.",
      secret: true,
    },
  ),
} as const;

/** Limits. The key is the name in `Config.limits`. */
export const limitVariables = {
  messagesPer5Seconds: aLimit("LIMIT_MESSAGES_PER_5S", 10, "Messages of one account in 5 seconds."),
  connectionsPerAccount: aLimit("LIMIT_CONNECTIONS_PER_ACCOUNT", 20, "Open sockets of one account."),
  connectionsPerAddress: aLimit("LIMIT_CONNECTIONS_PER_ADDRESS", 200, "Open sockets from one network address."),
  requestsPerMinute: aLimit("LIMIT_REQUESTS_PER_MINUTE", 600, "HTTP requests of one account (or address) a minute."),
  apiPerMinute: aLimit(
    "LIMIT_API_PER_MINUTE",
    50,
    "Requests of one account a minute to what decides how the server is run: accounts, roles, server bans, word filters, the audit trail.",
  ),
  globalPerSecond: aLimit("LIMIT_GLOBAL_PER_SECOND", 1000, "HTTP requests of everybody together in a second."),
  webhooksPerSecond: aLimit(
    "LIMIT_WEBHOOKS_PER_SECOND",
    100,
    "Webhooks received in a second, of all services together.",
  ),
  signInsPerMinute: aLimit(
    "LIMIT_SIGN_INS_PER_MINUTE",
    10,
    "Attempts to sign in a minute, for one account and for one address.",
  ),
  frameBytes: aLimit("LIMIT_FRAME_BYTES", 32_768, "Size of one frame from a client."),
  framesPerSecond: aLimit("LIMIT_FRAMES_PER_SECOND", 50, "Frames a second that are read from one socket; more wait."),
  messageCharacters: aLimit("LIMIT_MESSAGE_CHARACTERS", 4000, "Length of one message."),
  subscriptionsPerConnection: aLimit("LIMIT_SUBSCRIPTIONS_PER_CONNECTION", 128, "Rooms that one socket may follow."),
  queueBytes: aLimit("LIMIT_QUEUE_BYTES", 1_048_576, "Bytes that may wait for one slow socket."),
  recoveryMessages: aLimit(
    "LIMIT_RECOVERY_MESSAGES",
    1000,
    "Messages that a reconnecting client is caught up with at once.",
  ),
} as const;

/** Read before everything else: it says where the file with the other settings is. */
export const fileVariable = variable("FOYER_CONFIG", "the path of a JSON file", plainText, {
  defaultText: "$DATA_DIR/foyer.json, if it exists",
  description: "JSON file with settings under the same names as here. The environment wins.",
});
