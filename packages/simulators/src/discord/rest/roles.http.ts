import { z } from "zod";
import { type DiscordGuild, type DiscordRole, highestPosition, roleWire } from "../world/guilds.ts";
import { guildPermissions, has } from "../world/permissions.ts";
import type { DiscordWorld } from "../world/world.ts";
import { createForm, refusal } from "./errors.ts";
import type { RestRequest, Route } from "./router.ts";

const MOST_ROLES = 250;

const roleForm = z.looseObject({
  name: z.string().nullish(),
  permissions: z
    .string()
    .regex(/^\d{1,20}$/)
    .nullish(),
  mentionable: z.boolean().nullish(),
  color: z.number().int().min(0).max(0xffffff).nullish(),
});

/** Roles of a guild: listing, making, changing, giving and taking them. */
export function roleRoutes(world: DiscordWorld): Route[] {
  const fivePerFive = { most: 5, windowMs: 5000 };

  function guildOf({ params, caller }: RestRequest): DiscordGuild {
    const guild = world.guilds.get(params["guild"] ?? "");
    if (guild === undefined) throw refusal.unknownGuild();
    if (!guild.members.has(caller.userId)) throw refusal.noAccess();
    return guild;
  }

  function mayManage(guild: DiscordGuild, { caller }: RestRequest): bigint {
    const bits = guildPermissions(guild, caller.userId);
    if (!has(bits, "manageRoles")) throw refusal.noPermission();
    return bits;
  }

  /** A role that the bot may change, give and take: below its own highest. Throws 10011, 50028, 50013. */
  function roleOf(guild: DiscordGuild, request: RestRequest): DiscordRole {
    const role = guild.roles.get(request.params["role"] ?? "");
    if (role === undefined) throw refusal.unknownRole();
    if (role.id === guild.id || role.managed) throw refusal.invalidRole();
    if (role.position >= highestPosition(guild, request.caller.userId)) throw refusal.noPermission();
    return role;
  }

  async function readForm(request: RestRequest, bits: bigint) {
    const parsed = roleForm.safeParse(await request.body());
    const form = createForm();
    if (!parsed.success) {
      for (const { path, message } of parsed.error.issues) form.wrong(path.map(String), "BASE_TYPE_INVALID", message);
      form.check();
      throw refusal.badJson();
    }
    if ((parsed.data.name ?? "").length > 100)
      form.wrong(["name"], "BASE_TYPE_MAX_LENGTH", "Must be 100 or fewer in length.");
    form.check();
    // Nobody gives what they do not have themselves.
    const { permissions } = parsed.data;
    if (permissions && (BigInt(permissions) & ~bits) !== 0n) throw refusal.noPermission();
    return parsed.data;
  }

  /** Gives or takes a role. */
  function giving(method: "PUT" | "DELETE", operation: string): Route {
    return {
      method,
      path: "/guilds/:guild/members/:user/roles/:role",
      operation,
      limit: { most: 10, windowMs: 10_000 },
      answer(request) {
        const guild = guildOf(request);
        mayManage(guild, request);
        const role = roleOf(guild, request);
        const member = guild.members.get(request.params["user"] ?? "");
        if (member === undefined) throw refusal.unknownMember();
        if (method === "PUT") member.roles.add(role.id);
        else member.roles.delete(role.id);
        return new Response(null, { status: 204 });
      },
    };
  }

  return [
    {
      method: "GET",
      path: "/guilds/:guild/roles",
      operation: "roles",
      limit: fivePerFive,
      answer: (request) =>
        Response.json([...guildOf(request).roles.values()].map((role) => roleWire(role, world.bot.id))),
    },
    {
      method: "POST",
      path: "/guilds/:guild/roles",
      operation: "role.create",
      limit: { most: 250, windowMs: 172_800_000 },
      async answer(request) {
        const guild = guildOf(request);
        const bits = mayManage(guild, request);
        const form = await readForm(request, bits);
        if (guild.roles.size >= MOST_ROLES) throw refusal.tooManyRoles();
        const role = world.addRole(guild.id, { name: form.name || "new role", mentionable: form.mentionable ?? false });
        role.permissions = BigInt(form.permissions ?? guild.roles.get(guild.id)?.permissions ?? 0);
        role.color = form.color ?? 0;
        return Response.json(roleWire(role, world.bot.id));
      },
    },
    {
      method: "PATCH",
      path: "/guilds/:guild/roles/:role",
      operation: "role.edit",
      limit: fivePerFive,
      async answer(request) {
        const guild = guildOf(request);
        const bits = mayManage(guild, request);
        const role = roleOf(guild, request);
        const { name, permissions, mentionable, color } = await readForm(request, bits);
        role.name = name ?? role.name;
        role.permissions = BigInt(permissions ?? role.permissions);
        role.mentionable = mentionable ?? role.mentionable;
        role.color = color ?? role.color;
        return Response.json(roleWire(role, world.bot.id));
      },
    },
    {
      method: "DELETE",
      path: "/guilds/:guild/roles/:role",
      operation: "role.delete",
      limit: fivePerFive,
      answer(request) {
        const guild = guildOf(request);
        mayManage(guild, request);
        world.deleteRole(guild.id, roleOf(guild, request).id);
        return new Response(null, { status: 204 });
      },
    },
    giving("PUT", "member.role.add"),
    giving("DELETE", "member.role.remove"),
  ];
}
