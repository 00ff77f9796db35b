import { createHash, hkdfSync } from "node:crypto";
import { permissionLevels, signInProviders } from "@foyer/protocol";
import { EncryptJWT, jwtDecrypt } from "jose";
import { z } from "zod";
import type { Clock } from "../../../../platform/clock/clock.ts";
import type { Flow } from "./flow.ts";

/** Seals a flow so that the browser can keep it: it can neither read nor change it. */
export interface FlowSeal {
  seal(flow: Flow): Promise<string>;
  /** Undefined for everything that this server did not seal, or that is over. */
  open(text: string): Promise<Flow | undefined>;
}

const AUDIENCE = "foyer:flow";

const sealedFlow = z.object({
  state: z.string(),
  nonce: z.string(),
  verifier: z.string(),
  provider: z.enum(signInProviders),
  expiresAt: z.number(),
  mode: z.enum(["sign_in", "link"]),
  session: z.object({ accountId: z.string(), sessionId: z.string(), proven: z.boolean().optional() }).optional(),
  level: z.enum(permissionLevels).optional(),
  returnTo: z.string().optional(),
  startedFrom: z.string().optional(),
  invite: z.string().optional(),
  separate: z.boolean().optional(),
});

/** A seal under a key of its own, made from `secret`. */
export function createFlowSeal({ secret, clock }: { secret: string; clock: Clock }): FlowSeal {
  const key = new Uint8Array(hkdfSync("sha256", secret, "", "foyer: sign-in flows", 32));
  return {
    seal: (flow) =>
      new EncryptJWT({ flow })
        .setProtectedHeader({ alg: "dir", enc: "A256GCM" })
        .setAudience(AUDIENCE)
        .setExpirationTime(Math.floor(flow.expiresAt / 1000))
        .encrypt(key),
    async open(text) {
      try {
        const { payload } = await jwtDecrypt(text, key, {
          audience: AUDIENCE,
          keyManagementAlgorithms: ["dir"],
          contentEncryptionAlgorithms: ["A256GCM"],
          requiredClaims: ["exp"],
          currentDate: new Date(clock.now()),
        });
        return sealedFlow.parse(payload["flow"]);
      } catch {
        return undefined;
      }
    },
  };
}

/** Stands for a state where it is stored or named. */
export function hashState(state: string): string {
  return createHash("sha256").update(state).digest("hex");
}
