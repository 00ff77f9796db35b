export type { DiscordPerson } from "./discord.people.ts";
export { type DiscordOptions, type DiscordSimulator, startDiscord } from "./discord.simulator.ts";
export type { Pings } from "./messages/mentions.ts";
export type { DiscordMessage } from "./messages/messages.ts";
export type { PermissionName } from "./world/permissions.ts";
export type { DiscordWorld, GuildSeed } from "./world/world.ts";
