/** A person at the simulated Discord. */
export interface DiscordPerson {
  id: string;
  /** Discord calls it `username`. */
  login: string;
  /** Discord calls it `global_name`. */
  displayName: string;
  email?: string | undefined;
  /** Discord hands out addresses that it has not verified. */
  emailVerified?: boolean | undefined;
}

/** Who is there when nobody else is asked for. */
export const discordPeople: readonly DiscordPerson[] = [
  { id: "80351110224678912", login: "ada.d", displayName: "Ada", email: "ada@people.example", emailVerified: true },
  { id: "80351110224678913", login: "mallory", displayName: "Mallory", email: "victim@people.example" },
];
