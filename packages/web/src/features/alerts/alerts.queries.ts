import type { FoyerClient } from "@foyer/client";
import { queryOptions } from "@tanstack/react-query";

/** Servers where alerts can be managed: this one, and those of Discord. */
export function guildsQuery(client: FoyerClient) {
  return queryOptions({ queryKey: ["guilds"], queryFn: ({ signal }) => client.api.listGuilds({ signal }) });
}

/** One of them. */
export function guildQuery(client: FoyerClient, guildId: string) {
  return queryOptions({
    queryKey: ["guilds", guildId],
    queryFn: ({ signal }) => client.api.getGuild({ params: { guildId }, signal }),
  });
}

/** What holds for all alerts of a server, with its template. */
export function guildConfigQuery(client: FoyerClient, guildId: string) {
  return queryOptions({
    queryKey: ["guilds", guildId, "config"],
    queryFn: ({ signal }) => client.api.getGuildConfig({ params: { guildId }, signal }),
  });
}

/** Channels of a Discord server. */
export function channelsQuery(client: FoyerClient, guildId: string) {
  return queryOptions({
    queryKey: ["guilds", guildId, "channels"],
    queryFn: ({ signal }) => client.api.listChannels({ params: { guildId }, signal }),
  });
}

/** Roles of a Discord server. */
export function rolesQuery(client: FoyerClient, guildId: string) {
  return queryOptions({
    queryKey: ["guilds", guildId, "roles"],
    queryFn: ({ signal }) => client.api.listRoles({ params: { guildId }, signal }),
  });
}

/** Broadcasters that a server announces. */
export function guildStreamersQuery(client: FoyerClient, guildId: string) {
  return queryOptions({
    queryKey: ["guilds", guildId, "streamers"],
    queryFn: ({ signal }) => client.api.listGuildStreamers({ params: { guildId }, signal }),
  });
}

/** Where the alerts of a server go. */
export function destinationsQuery(client: FoyerClient, guildId: string) {
  return queryOptions({
    queryKey: ["guilds", guildId, "destinations"],
    queryFn: ({ signal }) => client.api.listDestinations({ params: { guildId }, signal }),
  });
}

/** What is set up for alerts and works now; asked again and again by whoever passes `refetchInterval`. */
export function alertsStatusQuery(client: FoyerClient) {
  return queryOptions({
    queryKey: ["alerts-status"],
    queryFn: ({ signal }) => client.api.alertsStatus({ signal }),
  });
}
