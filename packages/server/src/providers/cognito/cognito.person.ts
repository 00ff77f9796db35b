import type { OutsidePerson } from "../../modules/identity/index.ts";
import { personOf } from "../oidc/oidc.person.ts";
import type { Claims } from "../oidc/oidc.wire.ts";
import type { CognitoClaims } from "./cognito.wire.ts";

/** A UUID, or an address of e-mail: names that Cognito itself gives, and that nobody is called by. */
const NOT_A_NAME = /@|^[0-9a-f]{8}-[0-9a-f]{4}-/i;

/** A person by the claims of a Cognito token. */
export function cognitoPerson(claims: CognitoClaims & Claims): OutsidePerson {
  const person = personOf(claims);
  const username = claims["cognito:username"] ?? claims.username;
  const login = person.login ?? (username === undefined || NOT_A_NAME.test(username) ? undefined : username);
  return { ...person, name: person.name === "" ? (login ?? "") : person.name, login };
}
