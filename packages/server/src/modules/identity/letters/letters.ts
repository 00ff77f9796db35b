import type { Letter } from "../../../platform/mail/mail.ts";

/** What every letter says of where it comes from. `publicUrl` without a slash at the end. */
export interface Sender {
  publicUrl: string;
}

/** A paragraph is text, or an address to open on a line of its own. */
type Part = string | { link: string };

/** Asks whether an address belongs to whoever gave it. */
export function verificationLetter({ publicUrl }: Sender, handle: string, token: string): Letter {
  return letter(publicUrl, "Confirm your e-mail address", [
    `The account ${handle} gave this e-mail address. If that was you, open this page to confirm it:`,
    { link: `${publicUrl}/verify-email#${token}` },
    "The link works once, for 24 hours. If it was not you, do nothing.",
  ]);
}

/** Brings the way to a new password. */
export function resetLetter({ publicUrl }: Sender, handle: string, token: string): Letter {
  return letter(publicUrl, "Set a new password", [
    `Somebody asked for a new password for the account ${handle}. If that was you, open this page:`,
    { link: `${publicUrl}/reset-password#${token}` },
    "The link works once, for 30 minutes. If it was not you, do nothing: your password stays as it is.",
  ]);
}

/** Tells of a sign-in from where there was none before. `at` as ISO 8601. */
export function newSignInLetter(
  { publicUrl }: Sender,
  handle: string,
  { device, place, at }: { device: string; place: string | undefined; at: string },
): Letter {
  return letter(publicUrl, "New sign-in to your account", [
    `Somebody signed in to the account ${handle} from a device or network that is new here.`,
    `Device: ${device}. Network: ${place ?? "not known"}. Time: ${at.slice(0, 16).replace("T", " ")} UTC.`,
    "If it was not you, change your password and end the session here:",
    { link: `${publicUrl}/settings/security` },
  ]);
}

/** What changed about how an account is guarded. */
export const changeWords = {
  password: "The password was changed.",
  email: "The e-mail address was changed. This address no longer belongs to the account.",
  totp_on: "An authenticator app was turned on.",
  totp_off: "The authenticator app was turned off.",
  passkey_added: "A passkey was added.",
  passkey_removed: "A passkey was removed.",
  recovery_codes: "New recovery codes were made. The old ones no longer work.",
  recovery_code_used: "A recovery code was used to sign in or to confirm something.",
} as const;
export type AccountChange = keyof typeof changeWords;

/** Tells that something changed that only the owner of the account should change. */
export function changeLetter({ publicUrl }: Sender, handle: string, change: AccountChange): Letter {
  return letter(publicUrl, "A change to your account", [
    `This happened to the account ${handle}: ${changeWords[change]}`,
    "If it was not you, set a new password and look at the settings here:",
    { link: `${publicUrl}/settings/security` },
  ]);
}

/** Something that the rest of the server has to say to the owner of an account. */
export interface AccountNotice {
  /** One line, of our own words. */
  subject: string;
  lines: readonly string[];
  /** The page to open, from its slash on. */
  path: string;
}

/** Says it. */
export function noticeLetter({ publicUrl }: Sender, { subject, lines, path }: AccountNotice): Letter {
  return letter(publicUrl, subject, [...lines, { link: `${publicUrl}${path}` }]);
}

function letter(publicUrl: string, subject: string, parts: readonly Part[]): Letter {
  const all = [...parts, `Sent by ${new URL(publicUrl).host}. Answers to this address are not read.`];
  const text = all.map((part) => (typeof part === "string" ? part : part.link)).join("\n\n");
  const html = all
    .map((part) => {
      if (typeof part === "string") return `<p>${escaped(part)}</p>`;
      return `<p><a href="${escaped(part.link)}">${escaped(part.link)}</a></p>`;
    })
    .join("\n");
  return { subject, text: `${text}\n`, html: `<!doctype html>\n<html lang="en"><body>\n${html}\n</body></html>\n` };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
