import * as client from "openid-client";
import { GrantRefused, type TokenProvider } from "../../modules/identity/index.ts";
import { type CodeFlow, tokensOf } from "./code.flow.ts";

/** Refreshing and giving back by the standard (RFC 6749, RFC 7009). */
export function createTokenEndpoints(flow: CodeFlow): Required<Pick<TokenProvider, "refresh" | "revoke">> {
  return {
    async refresh(refreshToken) {
      try {
        return tokensOf(await client.refreshTokenGrant(await flow.configuration(), refreshToken));
      } catch (error) {
        if (error instanceof client.ResponseBodyError && error.error === "invalid_grant") throw new GrantRefused();
        throw error;
      }
    },
    async revoke(token) {
      await client.tokenRevocation(await flow.configuration(), token);
    },
  };
}
