import { passphrase as passphraseSchema } from "@foyer/protocol";
import { AppError } from "../../../platform/errors/app.error.ts";
import { type PasswordOwner, refuseCommonPassword } from "../accounts/password.rules.ts";

/**
 * The rules of passwords, and a greater length: a file can be tried in peace. Throws `request.invalid`,
 * `account.password_common`.
 */
export async function requirePassphrase(passphrase: string, owner: PasswordOwner = { handle: "" }): Promise<void> {
  const parsed = passphraseSchema.safeParse(passphrase);
  if (!parsed.success) {
    throw new AppError("request.invalid", "This passphrase does not do.", {
      fields: [{ path: "passphrase", message: parsed.error.issues[0]?.message ?? "is not good" }],
    });
  }
  await refuseCommonPassword(passphrase, owner, "passphrase");
}
