import { channelWire, type DiscordGuild, guildWire, memberWire } from "../world/guilds.ts";
import { channelPermissions, guildPermissions, has } from "../world/permissions.ts";
import { isSnowflake } from "../world/snowflakes.ts";
import type { DiscordWorld } from "../world/world.ts";
import { createForm, refusal } from "./errors.ts";
import type { RestRequest, Route } from "./router.ts";

const fivePerFive = { most: 5, windowMs: 5000 };

/** What a bot may learn of its guilds, their channels and members. */
export function guildRoutes(world: DiscordWorld, membersIntent: () => boolean): Route[] {
  /** The guild that a path names, when the bot is in it. Throws 10004 or 50001. */
  function guildOf({ params, caller }: RestRequest, strangers = refusal.noAccess): DiscordGuild {
    const id = params["guild"] ?? "";
    if (!isSnowflake(id)) {
      const form = createForm();
      form.wrong(["guild_id"], "NUMBER_TYPE_COERCE", `Value "${id}" is not snowflake.`);
      form.check();
    }
    const guild = world.guilds.get(id);
    if (guild === undefined) throw refusal.unknownGuild();
    if (!guild.members.has(caller.userId)) throw strangers();
    return guild;
  }

  return [
    {
      method: "GET",
      path: "/guilds/:guild",
      operation: "guild",
      limit: fivePerFive,
      answer(request) {
        const guild = guildOf(request, refusal.unknownGuild);
        const counts = request.query.get("with_counts") === "true";
        const more = counts
          ? { approximate_member_count: guild.members.size, approximate_presence_count: guild.members.size }
          : {};
        return Response.json({ ...guildWire(guild, world.bot.id), ...more });
      },
    },
    {
      method: "GET",
      path: "/guilds/:guild/channels",
      operation: "channels",
      limit: fivePerFive,
      answer: (request) => Response.json([...guildOf(request).channels.values()].map(channelWire)),
    },
    {
      method: "GET",
      path: "/channels/:channel",
      operation: "channel",
      limit: fivePerFive,
      answer({ params, caller }) {
        const found = world.channel(params["channel"] ?? "");
        if (found === undefined) throw refusal.unknownChannel();
        const bits = channelPermissions(found.guild, found.channel, caller.userId);
        if (!has(bits, "viewChannel")) throw refusal.noAccess();
        return Response.json(channelWire(found.channel));
      },
    },
    {
      method: "GET",
      path: "/guilds/:guild/members/:user",
      operation: "member",
      limit: fivePerFive,
      answer(request) {
        const guild = guildOf(request);
        const id = request.params["user"] ?? "";
        const user = world.user(id);
        if (user === undefined) throw refusal.unknownUser();
        const member = guild.members.get(id);
        if (member === undefined) throw refusal.unknownMember();
        return Response.json(memberWire(member, user));
      },
    },
    {
      method: "GET",
      path: "/guilds/:guild/members",
      operation: "members",
      limit: { most: 10, windowMs: 10_000 },
      answer(request) {
        const guild = guildOf(request);
        // A privileged intent, which applications have to ask for.
        if (!membersIntent()) throw refusal.noAccess();
        const limit = Number(request.query.get("limit") ?? 1);
        if (!(limit >= 1 && limit <= 1000)) {
          const form = createForm();
          form.wrong(["limit"], "NUMBER_TYPE_MAX", "int value should be less than or equal to 1000.");
          form.check();
        }
        const after = BigInt(request.query.get("after") ?? 0);
        const members = [...guild.members.values()]
          .filter(({ userId }) => BigInt(userId) > after)
          .sort((one, other) => (BigInt(one.userId) < BigInt(other.userId) ? -1 : 1));
        return Response.json(
          members.slice(0, limit).flatMap((member) => {
            const user = world.user(member.userId);
            return user === undefined ? [] : [memberWire(member, user)];
          }),
        );
      },
    },
    {
      method: "GET",
      path: "/users/@me/guilds/:guild/member",
      operation: "member.own",
      who: "person",
      limit: fivePerFive,
      answer(request) {
        const { caller } = request;
        if (caller.kind !== "person" || !caller.scopes.includes("guilds.members.read")) throw refusal.unauthorized();
        const guild = guildOf(request, refusal.unknownGuild);
        const member = guild.members.get(caller.userId);
        const user = world.user(caller.userId);
        if (member === undefined || user === undefined) throw refusal.unknownGuild();
        return Response.json(memberWire(member, user));
      },
    },
    {
      method: "GET",
      path: "/users/@me/guilds",
      operation: "guilds",
      who: "both",
      limit: fivePerFive,
      answer({ caller, query }) {
        if (caller.kind === "person" && !caller.scopes.includes("guilds")) throw refusal.unauthorized();
        const limit = Math.min(200, Number(query.get("limit") ?? 200));
        const after = BigInt(query.get("after") ?? 0);
        const own = [...world.guilds.values()]
          .filter(({ id, members }) => members.has(caller.userId) && BigInt(id) > after)
          .sort((one, other) => (BigInt(one.id) < BigInt(other.id) ? -1 : 1));
        return Response.json(
          own.slice(0, limit).map((guild) => ({
            id: guild.id,
            name: guild.name,
            icon: guild.icon,
            banner: null,
            owner: guild.ownerId === caller.userId,
            permissions: String(guildPermissions(guild, caller.userId)),
            features: [],
          })),
        );
      },
    },
    {
      method: "DELETE",
      path: "/users/@me/guilds/:guild",
      operation: "guild.leave",
      limit: fivePerFive,
      answer(request) {
        world.removeBot(guildOf(request, refusal.unknownGuild).id);
        return new Response(null, { status: 204 });
      },
    },
  ];
}
