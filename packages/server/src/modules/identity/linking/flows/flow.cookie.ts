import { hashState } from "./flow.seal.ts";

/** The cookies that bind flows to the browser that started them. */
export interface FlowCookie {
  /** The sealed flow that belongs to `state`, if this browser has it. */
  read(header: string | null | undefined, state: string): string | undefined;
  /** A `Set-Cookie` value. */
  set(state: string, sealed: string): string;
  /** A `Set-Cookie` value that takes the cookie of `state` away. */
  clear(state: string): string;
}

/** Flows that one browser may have under way: tabs do not disturb each other, and headers stay small. */
const SLOTS = 4;

/**
 * Not the session's cookie: this one has to come along when the provider sends the person back, which is another site
 * (`SameSite=Lax`). It is worth nothing without the state, and nothing after ten minutes.
 */
export function createFlowCookie(publicUrl: () => string, seconds: number): FlowCookie {
  const isSecure = () => publicUrl().startsWith("https:");
  const attributes = () => `Path=/; HttpOnly; SameSite=Lax${isSecure() ? "; Secure" : ""}`;
  const nameOf = (state: string) =>
    `${isSecure() ? "__Host-" : ""}foyer-flow-${Number.parseInt(hashState(state).slice(0, 4), 16) % SLOTS}`;
  return {
    read(header, state) {
      const wanted = `${nameOf(state)}=`;
      const pair = (header ?? "")
        .split(";")
        .map((part) => part.trim())
        .find((part) => part.startsWith(wanted));
      const value = pair?.slice(wanted.length);
      return value === "" ? undefined : value;
    },
    set: (state, sealed) => `${nameOf(state)}=${sealed}; ${attributes()}; Max-Age=${seconds}`,
    clear: (state) => `${nameOf(state)}=; ${attributes()}; Max-Age=0`,
  };
}
