import type { ProofMethod } from "@foyer/protocol";

/** A sign-in that waits for its second step, and by what that can be taken. */
export interface PendingStep {
  pending: string;
  methods: readonly ProofMethod[];
}

const known: readonly ProofMethod[] = ["totp", "passkey", "recovery_code"];

/**
 * What the server put behind the mark of the address when somebody came back from a provider:
 * `pending=…&methods=totp,passkey`. Undefined when it is not whole. Methods that this page does not know are left out.
 */
export function pendingOf(fragment: string | undefined): PendingStep | undefined {
  const given = new URLSearchParams(fragment ?? "");
  const pending = given.get("pending") ?? "";
  const named = (given.get("methods") ?? "").split(",");
  const methods = known.filter((method) => named.includes(method));
  return pending === "" || methods.length === 0 ? undefined : { pending, methods };
}
