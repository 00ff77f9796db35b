import { ConfigError } from "./config.error.ts";
import { groups, groupVariables } from "./config.groups.ts";
import type { Config } from "./config.shape.ts";

/** What is given of one optional service. */
export interface GroupState {
  group: string;
  title: string;
  set: string[];
  missing: string[];
}

/** For every optional service, which of its variables are set and which are needed besides. */
export function groupStates(services: Record<string, string>): GroupState[] {
  return Object.entries(groups).map(([group, title]) => {
    const members = groupVariables.filter((each) => each.group === group);
    const needed = members.filter((each) => !each.optional);
    return {
      group,
      title,
      set: members.filter((each) => each.name in services).map((each) => each.name),
      missing: needed.filter((each) => !(each.name in services)).map((each) => each.name),
    };
  });
}

/** Refuses a group of which only some needed variables are set. An optional one alone (AWS_REGION) is no group. */
export function checkGroups(config: Config): void {
  for (const { group, title, set, missing } of groupStates(config.services)) {
    const first = set.find((name) => !groupVariables.some((each) => each.name === name && each.optional));
    const lacking = missing[0];
    if (first === undefined || lacking === undefined) continue;
    throw new ConfigError(
      lacking,
      `${lacking} is not set, but ${first} is: ${title} needs ${listed(group)} together, or none.`,
    );
  }
  if ("REDIS_URL" in config.services && config.databaseUrl.startsWith("file:")) {
    throw new ConfigError(
      "REDIS_URL",
      "REDIS_URL is set, but DATABASE_URL is a file: several nodes need a postgres:// address.",
    );
  }
}

function listed(group: string): string {
  return groupVariables
    .filter((each) => each.group === group && !each.optional)
    .map((each) => each.name)
    .join(", ");
}

/** True for names and addresses that only this machine reaches. */
export function isLoopback(host: string): boolean {
  const bare = host.replace(/^\[|\]$/g, "");
  return bare === "localhost" || bare.endsWith(".localhost") || bare === "::1" || /^127(?:\.\d{1,3}){3}$/.test(bare);
}

/** Hosts to which client secrets and tokens of people are sent, or whose word is believed. */
const hostNames = [
  "TWITCH_ID_URL",
  "TWITCH_API_URL",
  "TWITCH_EVENTSUB_WS_URL",
  "DISCORD_API_URL",
  "COGNITO_ISSUER",
  "COGNITO_DOMAIN",
  "OIDC_ISSUER",
] as const;

/** Refuses what must not reach the internet. */
export function checkProduction(config: Config): void {
  const addresses = [
    ["PUBLIC_URL", config.publicUrl],
    ...config.allowedOrigins.map((each) => ["ALLOWED_ORIGINS", each]),
  ];
  for (const [name = "", address = ""] of addresses) {
    const url = new URL(address);
    if (url.protocol === "http:" && !isLoopback(url.hostname)) {
      throw new ConfigError(
        name,
        `${name} is ${JSON.stringify(address)}: with NODE_ENV=production it must begin with https://, or name this machine (localhost).`,
      );
    }
  }
  for (const name of hostNames) {
    const address = config.services[name];
    if (address === undefined || !/^(?:http|ws):/.test(address) || isLoopback(new URL(address).hostname)) continue;
    const needed = address.startsWith("ws:") ? "wss://" : "https://";
    throw new ConfigError(
      name,
      `${name} is ${JSON.stringify(address)}: with NODE_ENV=production it must begin with ${needed}, since secrets go there.`,
    );
  }
  if (config.jwtSecret !== "" && new Set(config.jwtSecret).size < 12) {
    throw new ConfigError(
      "JWT_SECRET",
      "JWT_SECRET is too easy to guess for NODE_ENV=production (not shown): use 32 random bytes, or leave it out and one is made.",
    );
  }
  if (/^(?:change|secret|password|example|your)/i.test(config.jwtSecret)) {
    throw new ConfigError(
      "JWT_SECRET",
      "JWT_SECRET looks like a placeholder (not shown): with NODE_ENV=production use 32 random bytes, or leave it out and one is made.",
    );
  }
}
