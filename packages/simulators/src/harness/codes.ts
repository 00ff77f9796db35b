import { createHash, randomBytes } from "node:crypto";

/** What an authorization code stands for. */
export interface CodeRequest {
  clientId: string;
  redirectUri: string;
  /** Id of the person who allowed it. */
  personId: string;
  scopes: string[];
  /** Of PKCE, by S256. */
  challenge?: string | undefined;
  nonce?: string | undefined;
  /** Of Discord: the server that a bot was put into. */
  guildId?: string | undefined;
}

/** Why a code is not taken. */
export type CodeProblem = "unknown" | "used" | "expired" | "client" | "redirect_uri" | "verifier";

/** Authorization codes. Each is good once, for a minute. */
export interface Codes {
  issue(request: CodeRequest): string;
  redeem(
    code: string,
    proof: { clientId: string; redirectUri: string; verifier: string | undefined },
  ): { request: CodeRequest } | { problem: CodeProblem };
}

const LIFE_MS = 60_000;

/** No codes. `requirePkce`: a code without a challenge is never redeemed. `now` in milliseconds. */
export function createCodes({ requirePkce, now }: { requirePkce: boolean; now: () => number }): Codes {
  const codes = new Map<string, { request: CodeRequest; expiresAt: number; used: boolean }>();

  function problemOf(
    held: { request: CodeRequest; expiresAt: number; used: boolean },
    proof: Parameters<Codes["redeem"]>[1],
  ): CodeProblem | undefined {
    const { request } = held;
    if (held.used) return "used";
    if (held.expiresAt <= now()) return "expired";
    if (request.clientId !== proof.clientId) return "client";
    if (request.redirectUri !== proof.redirectUri) return "redirect_uri";
    if (request.challenge === undefined) return requirePkce ? "verifier" : undefined;
    const digest = createHash("sha256")
      .update(proof.verifier ?? "")
      .digest("base64url");
    return digest === request.challenge ? undefined : "verifier";
  }

  return {
    issue(request) {
      const code = randomBytes(18).toString("base64url");
      codes.set(code, { request, expiresAt: now() + LIFE_MS, used: false });
      return code;
    },
    redeem(code, proof) {
      const held = codes.get(code);
      if (held === undefined) return { problem: "unknown" };
      const problem = problemOf(held, proof);
      held.used = true;
      return problem === undefined ? { request: held.request } : { problem };
    },
  };
}
