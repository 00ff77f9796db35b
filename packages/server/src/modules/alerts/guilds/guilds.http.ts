import type { HttpFace } from "../../../transports/http/http.face.ts";
import type { GuildAccess } from "./guild.access.port.ts";
import type { GuildConfigs } from "./guild.config.ts";
import type { GuildDirectory } from "./guild.directory.port.ts";
import type { Guilds } from "./guilds.ts";

/** Mounts the operations of those who manage a guild. */
export function mountGuilds(
  http: HttpFace,
  deps: { guilds: Guilds; configs: GuildConfigs; directory: GuildDirectory; access: GuildAccess },
): void {
  const { guilds, configs, directory, access } = deps;
  http.mount("listGuilds", async ({ caller }) => ({ items: await guilds.list(caller) }));
  http.mount("getGuild", async ({ caller, params }) => guilds.get(caller, params.guildId));
  http.mount("forgetGuild", async ({ caller, params }) => guilds.forget(caller, params.guildId));
  http.mount("listChannels", async ({ caller, params: { guildId } }) => {
    await access.manage(caller, guildId);
    return { items: await directory.channels(guildId) };
  });
  http.mount("listRoles", async ({ caller, params: { guildId } }) => {
    await access.manage(caller, guildId);
    return { items: await directory.roles(guildId) };
  });
  http.mount("getGuildConfig", async ({ caller, params }) => configs.get(caller, params.guildId));
  http.mount("updateGuildConfig", async ({ caller, params, body }) => configs.update(caller, params.guildId, body));
}
