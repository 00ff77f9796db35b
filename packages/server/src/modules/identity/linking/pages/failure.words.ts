import type { ErrorCode, SignInProvider as ProviderName } from "@foyer/protocol";
import { providerNames } from "../providers.ts";
import { type Intent, waysOn } from "./failure.ways.ts";
import type { FailurePage } from "./sign.in.html.ts";

interface Words {
  title: string;
  /** For somebody who was linking an account. */
  linkTitle?: string;
  text: (provider: string, detail: string) => string;
  /** Starting again can help. */
  again?: boolean;
}

const words: Partial<Record<ErrorCode, Words>> = {
  "sign_in.declined": {
    title: "You were not signed in",
    linkTitle: "The account was not linked",
    text: (provider) => `You did not allow it at ${provider}, or the window was closed there. Nothing was changed.`,
    again: true,
  },
  "sign_in.flow_invalid": {
    title: "This sign-in cannot go on",
    linkTitle: "The account was not linked",
    text: (_, detail) => `${detail} Nothing was changed.`,
    again: true,
  },
  "sign_in.refused": {
    title: "This sign-in cannot go on",
    linkTitle: "The account was not linked",
    text: (provider) => `What came back from ${provider} was not in order, so it was not used. Nothing was changed.`,
    again: true,
  },
  "provider.unavailable": {
    title: "Please try again soon",
    text: (provider) => `${provider} does not answer at the moment. Nothing was changed, and your account is safe.`,
    again: true,
  },
  "vault.unavailable": {
    title: "Please try again soon",
    text: () =>
      "The place where this server keeps keys does not answer at the moment, so nothing could be stored safely. Your account is safe.",
    again: true,
  },
  "sign_in.not_configured": {
    title: "This way in is closed",
    text: (provider) => `Signing in by ${provider} is not set up on this server.`,
  },
  "sign_in.email_in_use": { title: "Is this you?", text: (_, detail) => detail },
  "link.taken": { title: "This account is taken", text: (_, detail) => `${detail} Nothing was changed.` },
  "auth.registration_closed": {
    title: "No new accounts",
    text: () => "This server takes no new accounts now. If somebody invited you, open their link first.",
  },
  "account.suspended": {
    title: "This account is suspended",
    text: () => "Whoever runs this server has suspended it. Ask them if you think that this is a mistake.",
  },
  "rate.limited": {
    title: "Please wait a moment",
    text: () => "There were too many attempts to sign in from where you are. Try again in a minute.",
    again: true,
  },
  "request.invalid": { title: "This link is not right", text: (_, detail) => detail },
};

const other: Words = {
  title: "Something went wrong",
  text: () => "The server could not finish this. Nothing of your account was lost. Try again in a moment.",
  again: true,
};

/**
 * A problem in words for a person, with the ways on that fit what they wanted. `home` is the address of this server
 * that the provider sends people back to, without a path.
 */
export function failureOf(
  { code, detail }: { code: ErrorCode; detail?: string | undefined },
  { provider, intent, home }: { provider: ProviderName; intent: Intent | undefined; home: string },
): Omit<FailurePage, "requestId"> {
  const known = words[code] ?? other;
  const text = known.text(providerNames[provider], detail ?? "");
  // What a browser keeps of a flow belongs to the address that it was under when the flow began.
  const elsewhere = ` If you have opened Foyer at another address than ${home}, open that one and start there.`;
  const isLost = intent === undefined && code === "sign_in.flow_invalid";
  return {
    title: intent?.mode === "link" ? (known.linkTitle ?? known.title) : known.title,
    text: isLost ? `${text}${elsewhere}` : text,
    ways: waysOn(code, provider, intent, known.again === true),
  };
}
