import { userWire } from "../world/guilds.ts";
import type { DiscordWorld } from "../world/world.ts";
import { refusal } from "./errors.ts";
import type { Route } from "./router.ts";

export interface UserRoutesDeps {
  world: DiscordWorld;
  application: { clientId: string; publicKey: string; name: string };
  /** A person's own address, and whether Discord has verified it. */
  mailOf(userId: string): { email: string | null; verified: boolean };
}

/** Who is asking, and who somebody is. */
export function userRoutes({ world, application, mailOf }: UserRoutesDeps): Route[] {
  const limit = { most: 30, windowMs: 5000 };
  return [
    {
      method: "GET",
      path: "/users/@me",
      operation: "me",
      who: "both",
      limit,
      answer({ caller }) {
        const user = world.user(caller.userId);
        if (user === undefined) throw refusal.unauthorized();
        const own = caller.kind === "person" && caller.scopes.includes("email") ? mailOf(user.id) : {};
        return Response.json({ ...userWire(user), ...own });
      },
    },
    {
      method: "GET",
      path: "/users/:user",
      operation: "user",
      limit,
      answer({ params }) {
        const user = world.user(params["user"] ?? "");
        if (user === undefined) throw refusal.unknownUser();
        return Response.json(userWire(user));
      },
    },
    {
      method: "GET",
      path: "/applications/@me",
      operation: "application",
      limit,
      answer: () =>
        Response.json({
          id: application.clientId,
          name: application.name,
          icon: null,
          description: "",
          bot_public: true,
          bot_require_code_grant: false,
          verify_key: application.publicKey,
          flags: 0,
          approximate_guild_count: [...world.guilds.values()].filter(({ members }) => members.has(world.bot.id)).length,
        }),
    },
  ];
}
