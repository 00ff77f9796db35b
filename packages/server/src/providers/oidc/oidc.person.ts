import { email as emailSchema } from "zod";
import type { OutsidePerson } from "../../modules/identity/index.ts";
import type { Claims } from "./oidc.wire.ts";

/** A person by standard claims. An address counts when the provider says that it has verified it, and not else. */
export function personOf(claims: Claims): OutsidePerson {
  const isVerified = claims.email_verified === true || claims.email_verified === "true";
  const address = emailSchema().max(254).safeParse(claims.email);
  const names = [claims.name, claims.nickname, claims.preferred_username].filter((each) => each !== undefined);
  const login = [claims.preferred_username, claims.nickname, claims.name].find(
    (each) => each !== undefined && !each.includes("@"),
  );
  return {
    subject: claims.sub,
    name: names[0] ?? "",
    login,
    verifiedEmail: isVerified && address.success ? address.data : undefined,
  };
}
