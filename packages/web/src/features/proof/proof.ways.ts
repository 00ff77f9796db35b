import type { ProofMethod } from "@foyer/protocol";

/** What somebody shows: exactly one of them, as the server takes it. */
export type Proof =
  | { password: string }
  | { totp: string }
  | { recoveryCode: string }
  | { passkey: { [field: string]: unknown } };

/** The ways that can be gone in this browser, in the order in which to offer them. */
export function possibleWays(methods: readonly ProofMethod[], passkeys: boolean): ProofMethod[] {
  return methods.filter((method) => method !== "passkey" || passkeys);
}

/** The digits of a code that may hold spaces; undefined unless there are six. */
export function codeOf(typed: string): string | undefined {
  const digits = typed.replaceAll(/[\s-]/g, "");
  return /^\d{6}$/.test(digits) ? digits : undefined;
}

/** A recovery code as it was typed, trimmed; undefined when it is too short to be one. */
export function recoveryCodeOf(typed: string): string | undefined {
  const text = typed.trim();
  return text.replaceAll("-", "").length >= 8 && text.length <= 32 ? text : undefined;
}
