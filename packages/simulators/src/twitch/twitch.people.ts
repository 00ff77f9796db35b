import type { TwitchUser } from "./twitch.grants.ts";

/** A person at the simulated Twitch, with an address that Twitch has verified, if there is one. */
export interface TwitchPerson extends TwitchUser {
  email?: string | undefined;
  /** The address of their picture. */
  avatarUrl?: string | undefined;
}

/** Who is there when nobody else is asked for. */
export const twitchPeople: readonly TwitchPerson[] = [
  { id: "1001", login: "ada", displayName: "Ada", email: "ada@people.example" },
  { id: "1002", login: "bo_live", displayName: "Bo_Live", email: "bo@people.example" },
  { id: "1003", login: "nomail", displayName: "NoMail" },
];
