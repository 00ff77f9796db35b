import type { Hono } from "hono";
import { mountActions } from "../../harness/actions.ts";
import { assetPage } from "../../harness/assets.ts";
import type { Faults } from "../../harness/faults.ts";
import type { DiscordSimulator } from "../discord.simulator.ts";
import type { DiscordMessage, Messages } from "../messages/messages.ts";
import { type DiscordGuild, textTypes } from "../world/guilds.ts";
import { channelPermissions, has, type PermissionName } from "../world/permissions.ts";
import { type DiscordAction, discordAction } from "./actions.ts";
import { runControlPage } from "./control.script.ts";

export interface DiscordControlDeps {
  discord: () => Pick<DiscordSimulator, "world" | "limits" | "people" | "revokeUser" | "resetBotToken" | "calls">;
  messages: Messages;
  faults: Faults;
}

const MOST_SHOWN = 50;
const needed: readonly PermissionName[] = ["viewChannel", "sendMessages", "embedLinks", "readHistory"];

/** Mounts the control page at `/` and `/_simulator/`, and what is behind it. */
export function mountDiscordControl(app: Hono, deps: DiscordControlDeps): void {
  mountActions<DiscordAction>(app, {
    action: discordAction,
    act: (action) => act(deps, action),
    state: (query) => state(deps, query.get("channel")),
  });
  const page = assetPage(import.meta.dirname, "control.page", "Discord (simulated)", runControlPage);
  for (const path of ["/", "/_simulator", "/_simulator/"]) app.get(path, (context) => context.html(page));
}

function act({ discord, messages, faults }: DiscordControlDeps, action: DiscordAction): unknown {
  const { world, limits, revokeUser, resetBotToken } = discord();
  switch (action.action) {
    case "fail":
      return faults.add(action.fault);
    case "mend":
      return faults.clear();
    case "deleteChannel":
      return world.deleteChannel(action.channelId);
    case "addChannel":
      return world.addChannel(action.guildId, { name: action.name });
    case "deny":
      return world.overwrite(action.channelId, { deny: action.permissions });
    case "allowBot":
      return world.addBot(action.guildId, action.permissions);
    case "removeBot":
      return world.removeBot(action.guildId);
    case "giveRole": {
      const member = world.guild(action.guildId).members.get(world.person(action.login).id);
      if (member === undefined) throw new Error(`${action.login} is not in this server`);
      return action.on ? member.roles.add(action.roleId) : member.roles.delete(action.roleId);
    }
    case "deleteMessage": {
      const message = messages.find(action.channelId, action.messageId);
      if (message === undefined) throw new Error("there is no such message");
      return messages.remove(message);
    }
    case "revokeUser":
      return revokeUser(world.person(action.login).id);
    case "resetBotToken":
      return resetBotToken();
    case "block":
      return limits.block(action.ms);
  }
}

/** What the page shows: every server, and of one channel its messages, with names for all that is mentioned. */
function state({ discord, messages, faults }: DiscordControlDeps, channelId: string | null): object {
  const { world, limits, calls } = discord();
  const open = channelId === null ? undefined : world.channel(channelId);
  const guilds = [...world.guilds.values()].map((guild) => ({
    id: guild.id,
    name: guild.name,
    hasBot: guild.members.has(world.bot.id),
    channels: [...guild.channels.values()]
      .filter(({ type }) => textTypes.has(type))
      .map(({ id, name, lastMessageId }) => ({ id, name, lastMessageId })),
  }));
  return {
    guilds,
    bot: world.bot.login,
    faults: faults.all(),
    limits: { ...limits.refused(), busiestSecond: limits.busiestSecond(), invalid: limits.invalidCount() },
    calls: calls.all(),
    channel:
      open === undefined
        ? null
        : {
            id: open.channel.id,
            guildId: open.guild.id,
            name: open.channel.name,
            missing: needed.filter((each) => {
              return !has(channelPermissions(open.guild, open.channel, world.bot.id), each);
            }),
            messages: messages
              .of(open.channel.id)
              .slice(-MOST_SHOWN)
              .map((message) => shown(message, open.guild)),
            names: names(open.guild, (id) => world.user(id)?.displayName ?? world.user(id)?.login),
            members: members(open.guild, (id) => world.user(id)?.displayName ?? world.user(id)?.login ?? id),
          },
  };
}

function shown(
  { id, content, embeds, createdAt, editedAt, pings, history }: DiscordMessage,
  guild: DiscordGuild,
): object {
  const pinged = [
    ...(pings.everyone ? ["@everyone"] : []),
    ...pings.roles.map((role) => `@${guild.roles.get(role)?.name ?? "a role"}`),
    ...pings.users,
  ];
  return { id, content, embeds, createdAt, editedAt, edits: history.length - 1, pinged };
}

/** What ids in a text are called. */
function names(guild: DiscordGuild, person: (id: string) => string | undefined): Record<string, string> {
  return Object.fromEntries([
    ...[...guild.roles.values()].map(({ id, name }) => [id, name] as const),
    ...[...guild.channels.values()].map(({ id, name }) => [id, name] as const),
    ...[...guild.members.keys()].map((id) => [id, person(id) ?? id] as const),
  ]);
}

function members(guild: DiscordGuild, person: (id: string) => string): object[] {
  return [...guild.members.values()].map(({ userId, roles }) => ({
    name: person(userId),
    roles: [...roles].map((id) => guild.roles.get(id)?.name ?? id),
  }));
}
