import { expect, vi } from "vitest";
import type { MarkedWorld } from "./marked.world.ts";

const patience = { timeout: 10_000, interval: 25 };

/** Ada confirms her address and forgets her password; links are used twice, made up, and left lying in the outbox. */
export async function writeLetters({ asker, search, mail, person, password, noteToken }: MarkedWorld) {
  /** The secret in the newest letter that leads to `page`, of those in `letters`. */
  async function linkTo(page: string, letters = mail.letters): Promise<string> {
    const pattern = new RegExp(`/${page}#([\\w-]{16,})`);
    const secret = await vi.waitFor(() => {
      const [, found] = pattern.exec(letters.findLast(({ text }) => pattern.test(text))?.text ?? "") ?? [];
      if (found === undefined) throw new Error(`no letter leads to ${page}`);
      return found;
    }, patience);
    search.note(`link to ${page}: ${secret.slice(0, 6)}`, secret);
    letters.length = 0;
    return secret;
  }
  // What came of the registration.
  await linkTo("verify-email");
  await asker.good("requestEmailVerification", { as: person("ada").token });
  const verification = await linkTo("verify-email");
  await asker.good("verifyEmail", { body: { token: verification } });
  expect(await asker.refusal("verifyEmail", { body: { token: verification } })).toBe("email.token_invalid");
  await asker.refusal("verifyEmail", { body: { token: search.make("bad verification link") } });

  await asker.good("requestPasswordReset", { body: { login: "ada" } });
  await asker.good("requestPasswordReset", { body: { login: search.makePlain("login of nobody") } });
  const reset = await linkTo("reset-password");
  const newPassword = password("of ada, by e-mail");
  const set = (token: string, next: string) => ({ body: { token, newPassword: next } });
  expect(await asker.refusal("resetPassword", set(reset, "football"))).toBe("account.password_common");
  await asker.good("resetPassword", set(reset, newPassword));
  expect(await asker.refusal("resetPassword", set(reset, password("again")))).toBe("email.token_invalid");
  await asker.refusal("resetPassword", set(search.make("bad reset link"), password("by a bad link")));
  const { token } = await asker.good("login", { body: { login: "ada", password: newPassword } });
  noteToken("session after a reset", token);
  Object.assign(person("ada"), { password: newPassword, token });

  // This one stays in the outbox: the mail server reads it, and wants it later.
  mail.refuse(451, 1_000);
  await asker.good("requestPasswordReset", { body: { login: "ada" } });
  await linkTo("reset-password", mail.refused);
}
