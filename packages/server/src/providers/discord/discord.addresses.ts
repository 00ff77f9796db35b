/** Where Discord is, by the operator's `DISCORD_API_URL`, which may have the version behind it. */
export interface DiscordAddresses {
  /** Without a version: `https://discord.com/api`. */
  api: string;
  version: string;
  /** Where people are sent to. */
  authorize: string;
}

/** Addresses of Discord itself, or of a stand-in. */
export function discordAddresses(apiUrl: string | undefined): DiscordAddresses {
  const base = (apiUrl ?? "https://discord.com/api").replace(/\/+$/, "");
  const [, bare = base, version = "10"] = /^(.*)\/v(\d+)$/.exec(base) ?? [];
  return {
    api: bare,
    version,
    authorize: apiUrl === undefined ? "https://discord.com/oauth2/authorize" : `${bare}/v${version}/oauth2/authorize`,
  };
}
