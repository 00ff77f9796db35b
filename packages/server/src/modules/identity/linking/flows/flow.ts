import type { PermissionLevel, SignInProvider as ProviderName } from "@foyer/protocol";
import type { FlowSecrets } from "../sign.in.provider.port.ts";

/** One way to a provider and back, as it is sealed into the cookie of the browser that went. */
export interface Flow extends FlowSecrets {
  provider: ProviderName;
  /** In milliseconds since 1970. */
  expiresAt: number;
  /** `link`: the outside account is to belong to the account of `session`. */
  mode: "sign_in" | "link";
  /** The session that the flow was started with: linked to, and replaced. */
  session?: FlowSession | undefined;
  /** The permission level that was asked for by name. */
  level?: PermissionLevel | undefined;
  /** Where to go on to: without one a person is shown their token. */
  returnTo?: string | undefined;
  /** The page of this server that it was started from: the way back for somebody who is not let in. */
  startedFrom?: string | undefined;
  /** An invite, where registration is closed. */
  invite?: string | undefined;
  /** A new account even where another one has the same e-mail address. */
  separate?: boolean | undefined;
}

/** The session that a flow was started with. `proven`: its person had shown just before who they are. */
export interface FlowSession {
  accountId: string;
  sessionId: string;
  proven?: boolean | undefined;
}

/** What may be chosen about a flow. */
export type FlowWishes = Pick<Flow, "level" | "returnTo" | "startedFrom" | "invite" | "separate">;
