export type { OidcKeys } from "./oidc.keys.ts";
export type { OidcPerson } from "./oidc.people.ts";
export { type OidcOptions, type OidcSimulator, startOidc } from "./oidc.simulator.ts";
