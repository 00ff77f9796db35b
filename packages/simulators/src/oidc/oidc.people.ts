/** A person at the simulated OpenID provider. */
export interface OidcPerson {
  id: string;
  login: string;
  displayName: string;
  email?: string | undefined;
  emailVerified?: boolean | undefined;
}

/** Who is there when nobody else is asked for. */
export const oidcPeople: readonly OidcPerson[] = [
  { id: "sub-ada", login: "ada", displayName: "Ada Lovelace", email: "ada@people.example", emailVerified: true },
  { id: "sub-mallory", login: "mallory", displayName: "Mallory", email: "victim@people.example", emailVerified: false },
];
