import { z } from "zod";

/** Claims of Cognito's access and ID tokens. Only ID tokens hold more about the person than `sub` and `username`. */
export const cognitoClaims = z.looseObject({
  sub: z.string().min(1).max(255),
  token_use: z.enum(["access", "id"]),
  exp: z.number(),
  username: z.string().optional(),
  "cognito:username": z.string().optional(),
  nonce: z.string().optional(),
});
export type CognitoClaims = z.infer<typeof cognitoClaims>;
