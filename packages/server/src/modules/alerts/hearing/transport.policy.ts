/** What an operator may choose (TWITCH_EVENTSUB_TRANSPORT). */
export type TransportChoice = "auto" | "webhook" | "conduit";

/** By which way events come, and in a few words why. */
export interface ChosenTransport {
  transport: "webhook" | "conduit";
  why: string;
}

/** Whether Twitch could call this address: https on port 443, and no name of this machine. */
export function isReachable(publicUrl: string): boolean {
  const { protocol, port, hostname } = new URL(publicUrl);
  const bare = hostname.replace(/^\[|\]$/g, "");
  const isHere = bare === "localhost" || bare.endsWith(".localhost") || bare === "::1" || /^127\./.test(bare);
  return protocol === "https:" && port === "" && !isHere;
}

/** A webhook where Twitch can call; else a conduit, which needs no open port. */
export function chooseTransport(choice: TransportChoice, publicUrl: string): ChosenTransport {
  if (choice !== "auto") return { transport: choice, why: `TWITCH_EVENTSUB_TRANSPORT=${choice}` };
  return isReachable(publicUrl)
    ? { transport: "webhook", why: `${publicUrl} is a public https address` }
    : { transport: "conduit", why: `${publicUrl} is no https address that Twitch can call` };
}
