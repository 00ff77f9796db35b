import type { Context, Hono } from "hono";
import type { Visitor } from "../harness/authorize.page.ts";
import type { Calls } from "../harness/calls.ts";
import type { Codes } from "../harness/codes.ts";
import { escaped, htmlPage, plainStyle } from "../harness/html.ts";
import type { DiscordPerson } from "./discord.people.ts";
import { guildPermissions } from "./world/permissions.ts";
import { type DiscordWorld, managesGuild } from "./world/world.ts";

export interface InstallDeps {
  paths: readonly string[];
  clientId: string;
  redirectUris: readonly string[] | undefined;
  people: readonly DiscordPerson[];
  visitor: Visitor;
  world: DiscordWorld;
  codes: Codes;
  calls: Calls;
  /** The bot was put into a guild by somebody. */
  installed(person: DiscordPerson, guildId: string, scopes: readonly string[]): void;
}

const NEED_MANAGE = "Only somebody who may manage a server can put a bot into it.";

/**
 * Mounts the page on which somebody puts the bot into a server: the same address as signing in, with the scope `bot`.
 * `person=<login>` and `guild_id=<id>` answer at once, `person=declines` says no. With a `redirect_uri` the person is
 * sent back with a code, the server's id (which is only a hint) and the permissions; without one they stay here.
 */
export function mountInstall(app: Hono, deps: InstallDeps): void {
  const { world, people, visitor, codes, calls } = deps;

  function back(query: URLSearchParams, more: Record<string, string>): Response {
    const to = new URL(query.get("redirect_uri") ?? "");
    const state = query.get("state");
    for (const [name, value] of Object.entries({ ...(state === null ? {} : { state }), ...more }))
      to.searchParams.set(name, value);
    return new Response(null, { status: 302, headers: { location: to.href } });
  }

  function install(query: URLSearchParams, person: DiscordPerson, guildId: string): Response {
    const guild = world.guilds.get(guildId);
    if (guild === undefined || !managesGuild(guildPermissions(guild, person.id)))
      return page("Discord", NEED_MANAGE, 403);
    const permissions = query.get("permissions") ?? "0";
    const scopes = scopesOf(query);
    world.addBot(guildId, /^\d{1,20}$/.test(permissions) ? BigInt(permissions) : 0n);
    deps.installed(person, guildId, scopes);
    const redirectUri = query.get("redirect_uri");
    if (redirectUri === null)
      return page("Authorized", `Foyer's bot is now in ${guild.name}. You can close this window.`);
    const code = codes.issue({ clientId: deps.clientId, redirectUri, personId: person.id, scopes, guildId });
    return back(query, { code, guild_id: guildId, permissions });
  }

  function choosing(query: URLSearchParams, path: string, login: string | undefined): Response {
    const isFixed = query.get("disable_guild_select") === "true" && query.get("guild_id") !== null;
    const choices = people
      .filter((person) => login === undefined || person.login === login)
      .flatMap((person) =>
        [...world.guilds.values()]
          .filter((guild) => managesGuild(guildPermissions(guild, person.id)))
          .filter((guild) => !isFixed || guild.id === query.get("guild_id"))
          .map((guild) => {
            const to = new URLSearchParams(query);
            to.set("person", person.login);
            to.set("guild_id", guild.id);
            const name = `Put the bot into ${guild.name} as ${person.displayName} (${person.login})`;
            return `<li><a class="choice" href="${escaped(`${path}?${to}`)}">${escaped(name)}</a></li>`;
          }),
      );
    const list = choices.length === 0 ? `<p>${NEED_MANAGE}</p>` : `<ul>${choices.join("")}</ul>`;
    const asked = `<p>Permissions: <code>${escaped(query.get("permissions") ?? "0")}</code></p>`;
    return new Response(
      htmlPage({
        title: "Discord (simulated)",
        style: plainStyle,
        body: `<h1>Discord (simulated)</h1>${asked}${list}`,
      }),
      { headers: { "content-type": "text/html; charset=utf-8" } },
    );
  }

  async function answer(context: Context, next: () => Promise<void>): Promise<Response | undefined> {
    const url = new URL(context.req.url);
    const query = url.searchParams;
    if (!scopesOf(query).includes("bot")) {
      await next();
      return undefined;
    }
    calls.count("install");
    const redirectUri = query.get("redirect_uri");
    if (query.get("client_id") !== deps.clientId) return page("Discord", "invalid client", 400);
    if (redirectUri !== null && deps.redirectUris !== undefined && !deps.redirectUris.includes(redirectUri))
      return page("Discord", "redirect_uri is not registered", 400);
    const login = query.get("person") ?? visitor.login;
    if (login === "declines") {
      if (redirectUri === null) return page("Discord", "Nothing was changed.");
      return back(query, { error: "access_denied", error_description: "The resource owner denied the request" });
    }
    const person = people.find((each) => each.login === login);
    const guildId = query.get("guild_id");
    // A link that names the server still asks who one is, unless that is known.
    return person === undefined || guildId === null
      ? choosing(query, url.pathname, login)
      : install(query, person, guildId);
  }

  for (const path of deps.paths) app.get(path, answer);
}

const scopesOf = (query: URLSearchParams) => (query.get("scope") ?? "").split(" ").filter((scope) => scope !== "");

function page(title: string, text: string, status = 200): Response {
  const body = `<h1>${escaped(title)}</h1><p>${escaped(text)}</p>`;
  return new Response(htmlPage({ title: `${title} (simulated)`, style: plainStyle, body }), {
    status,
    headers: { "content-type": "text/html; charset=utf-8" },
  });
}
