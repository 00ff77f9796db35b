import { oneOf, plainText, urlWith, type Variable, type VariableText, variable } from "./variable.ts";

const keyName = plainText.refine((name) =>
  /^(?:arn:[\w-]+:kms:[\w-]+:\d+:(?:key|alias)\/[\w/-]+|alias\/[\w/-]+|[\w-]+)$/.test(name),
);
const text = (name: string, group: string, description: string, more: Partial<VariableText> = {}) =>
  variable(name, more.allowed ?? "text", plainText, { description, group, ...more });
const url = (name: string, group: string, description: string, more: Partial<VariableText> = {}) =>
  variable(name, more.allowed ?? "an http or https address", urlWith("http:", "https:"), {
    description,
    group,
    ...more,
  });

/**
 * Names that are promised to operators for services outside Foyer. They are checked, so that a half-set group is found
 * at the first start and not on the day it matters; of those that are not in `usedGroups`, `foyer doctor` says that they
 * have no effect.
 */
export const groups: Record<string, string> = {
  cluster: "several nodes over Redis",
  kms: "keys in AWS KMS",
  twitch: "Twitch",
  discord: "Discord",
  cognito: "sign-in by Amazon Cognito",
  oidc: "sign-in by OpenID Connect",
  mail: "e-mail",
  push: "push to phones and browsers",
  mcp: "assistants over MCP",
  turn: "relay for calls (your own TURN server)",
  "turn-cloudflare": "relay for calls (Cloudflare)",
  janus: "group calls (Janus)",
  chime: "group calls (Amazon Chime)",
  s3: "files in S3",
  stripe: "payments",
};

/** The services that this version uses. */
export const usedGroups: ReadonlySet<string> = new Set([
  "cluster",
  "kms",
  "twitch",
  "discord",
  "cognito",
  "oidc",
  "mail",
  "push",
]);

export const groupVariables: Variable[] = [
  variable("REDIS_URL", "a redis:// address", urlWith("redis:", "rediss:"), {
    group: "cluster",
    description:
      "Redis that connects several nodes on one Postgres. All need the same `JWT_SECRET` and key of the vault.",
    secret: true,
  }),
  variable("KMS_KEY_ID", "the id, alias (alias/…) or ARN of a key", keyName, {
    group: "kms",
    description: "Key in AWS KMS that seals stored credentials. Without it a key file in `$DATA_DIR` does.",
  }),
  text("AWS_REGION", "kms", "Region of AWS. An ARN in `KMS_KEY_ID` wins.", {
    defaultText: "us-east-1",
    optional: true,
  }),
  url("KMS_ENDPOINT", "kms", "Another endpoint of KMS than the region's.", {
    defaultText: "the region's",
    optional: true,
  }),
  text("TWITCH_CLIENT_ID", "twitch", "Client id of the Twitch application."),
  text("TWITCH_CLIENT_SECRET", "twitch", "Client secret of the Twitch application.", { secret: true }),
  url("TWITCH_REDIRECT_URI", "twitch", "Where Twitch sends people back to: one of the server's own paths.", {
    defaultText: "$PUBLIC_URL/auth/callback",
    optional: true,
  }),
  variable("TWITCH_EVENTSUB_TRANSPORT", "auto, webhook or conduit", oneOf(["auto", "webhook", "conduit"]), {
    group: "twitch",
    description:
      "How Twitch tells who goes live: by a webhook, which takes a public https `PUBLIC_URL`, or by a conduit, which takes no open port.",
    defaultText: "auto",
    optional: true,
  }),
  variable(
    "TWITCH_EVENTSUB_SECRET",
    "10 to 100 visible ASCII characters",
    plainText.refine((secret) => /^[\x21-\x7e]{10,100}$/.test(secret)),
    {
      group: "twitch",
      description: "Secret that signs Twitch's webhooks.",
      defaultText: "derived from the key that signs sessions",
      optional: true,
      secret: true,
    },
  ),
  url("TWITCH_ID_URL", "twitch", "Twitch's sign-in host.", { defaultText: "https://id.twitch.tv", optional: true }),
  url("TWITCH_API_URL", "twitch", "Twitch's API host.", { defaultText: "https://api.twitch.tv", optional: true }),
  variable("TWITCH_EVENTSUB_WS_URL", "a ws or wss address", urlWith("ws:", "wss:"), {
    group: "twitch",
    description: "Twitch's EventSub socket.",
    defaultText: "the real one",
    optional: true,
  }),
  text("DISCORD_CLIENT_ID", "discord", "Client id of the Discord application."),
  text("DISCORD_CLIENT_SECRET", "discord", "Client secret of the Discord application.", { secret: true }),
  text("DISCORD_BOT_TOKEN", "discord", "Token of the Discord bot. Signing in works without it.", {
    optional: true,
    secret: true,
  }),
  variable(
    "DISCORD_PUBLIC_KEY",
    "64 hexadecimal digits",
    plainText.refine((key) => /^[0-9a-f]{64}$/i.test(key)),
    {
      group: "discord",
      description: "Key that checks Discord's requests. Signing in works without it.",
      optional: true,
    },
  ),
  url("DISCORD_API_URL", "discord", "Discord's API.", {
    defaultText: "https://discord.com/api",
    optional: true,
  }),
  text("COGNITO_USER_POOL_ID", "cognito", "User pool."),
  text("COGNITO_CLIENT_ID", "cognito", "App client of the pool."),
  text("COGNITO_CLIENT_SECRET", "cognito", "Secret of the app client.", { secret: true, optional: true }),
  url("COGNITO_ISSUER", "cognito", "Issuer of the pool's tokens.", {
    defaultText: "Amazon's, by the region in the pool's id",
    optional: true,
  }),
  text("COGNITO_DOMAIN", "cognito", "Domain of managed login. Without it only the pool's bearer tokens count.", {
    optional: true,
  }),
  url("OIDC_ISSUER", "oidc", "Issuer, as its discovery document names it."),
  text("OIDC_CLIENT_ID", "oidc", "Client id."),
  text("OIDC_CLIENT_SECRET", "oidc", "Client secret.", { secret: true }),
  variable("SMTP_URL", "an smtp:// or smtps:// address", urlWith("smtp:", "smtps:"), {
    group: "mail",
    description: "Mail server.",
    secret: true,
  }),
  text("MAIL_FROM", "mail", "Sender of e-mails."),
  variable(
    "VAPID_PRIVATE_KEY",
    "32 bytes in base64url",
    plainText.refine((key) => /^[\w-]{43}=?$/.test(key)),
    {
      group: "push",
      description: "Key that push services know this server by. With another one every phone subscribes anew.",
      defaultText: "derived from the key that signs sessions",
      optional: true,
      secret: true,
    },
  ),
  variable("VAPID_SUBJECT", "a mailto: or https: address", urlWith("mailto:", "https:"), {
    group: "push",
    description: "Whom a push service writes to when something is wrong.",
    defaultText: "$PUBLIC_URL where that is https, else mailto:postmaster@ its host",
    optional: true,
  }),
  variable("MCP_TRANSPORT", "http, stdio or both", oneOf(["http", "stdio", "both"]), {
    group: "mcp",
    description: "How assistants connect.",
    defaultText: "http",
    optional: true,
  }),
  text("TURN_URLS", "turn", "Addresses of the TURN server, separated by commas."),
  text("TURN_SECRET", "turn", "Shared secret of the TURN server.", { secret: true }),
  text("CLOUDFLARE_TURN_KEY_ID", "turn-cloudflare", "Key id."),
  text("CLOUDFLARE_TURN_API_TOKEN", "turn-cloudflare", "API token.", { secret: true }),
  variable("JANUS_URL", "an http, https, ws or wss address", urlWith("http:", "https:", "ws:", "wss:"), {
    group: "janus",
    description: "Janus server.",
  }),
  text("JANUS_ADMIN_KEY", "janus", "Key for managing rooms in Janus.", { secret: true }),
  text("CHIME_REGION", "chime", "Region of the Chime SDK."),
  text("S3_BUCKET", "s3", "Bucket for files.", { defaultText: "disk under $DATA_DIR" }),
  url("S3_ENDPOINT", "s3", "Endpoint of an S3 that is not Amazon's.", { optional: true }),
  text("S3_REGION", "s3", "Region of the bucket.", { optional: true }),
  text("STRIPE_SECRET_KEY", "stripe", "Secret key.", { secret: true }),
  text("STRIPE_WEBHOOK_SECRET", "stripe", "Secret that signs Stripe's webhooks.", { secret: true }),
  url("STRIPE_API_URL", "stripe", "Stripe's API.", { defaultText: "the real one", optional: true }),
];
