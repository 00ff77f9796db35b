import type { TwitchPerson } from "../twitch.people.ts";
import { HelixError } from "./errors.ts";
import type { HelixCaller, HelixRoute } from "./router.ts";

const EMAIL = "user:read:email";

/** `GET /helix/users`, and as `GET /mock/users` where Twitch's command line has it. Fault kind: `somebody_else`. */
export function userRoutes(people: readonly TwitchPerson[]): HelixRoute[] {
  function found(caller: HelixCaller, query: URLSearchParams, isSomebodyElse: boolean): TwitchPerson[] {
    const self = caller.kind === "user" ? caller.user.id : undefined;
    if (isSomebodyElse) return people.filter(({ id }) => id !== self);
    const ids = new Set(query.getAll("id"));
    const logins = new Set(query.getAll("login").map((each) => each.toLowerCase()));
    if (ids.size + logins.size > 100) throw new HelixError(400, "The number of IDs and logins must not exceed 100");
    if (ids.size + logins.size > 0) return people.filter(({ id, login }) => ids.has(id) || logins.has(login));
    if (self === undefined) throw new HelixError(400, "Must provide an ID, Login or OAuth Token");
    return people.filter(({ id }) => id === self);
  }

  return ["/helix/users", "/mock/users"].map((path) => ({
    method: "GET",
    path,
    operation: "users",
    faults: ["somebody_else"],
    answer({ caller, query, fault }) {
      const isShown = (person: TwitchPerson) =>
        caller.kind === "user" &&
        person.id === caller.user.id &&
        caller.scopes.includes(EMAIL) &&
        person.email !== undefined;
      const data = found(caller, query, fault !== undefined).map((person) => ({
        id: person.id,
        login: person.login,
        display_name: person.displayName,
        type: "",
        broadcaster_type: "",
        description: "",
        profile_image_url: person.avatarUrl ?? "",
        offline_image_url: "",
        view_count: 0,
        created_at: "2020-01-01T00:00:00Z",
        ...(isShown(person) ? { email: person.email } : {}),
      }));
      return Response.json({ data });
    },
  }));
}
