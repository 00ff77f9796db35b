import { z } from "zod";

/** Claims about a person: of an ID token, or of user info. */
export const claimsWire = z.looseObject({
  sub: z.string().min(1).max(255),
  name: z.string().optional(),
  nickname: z.string().optional(),
  preferred_username: z.string().optional(),
  email: z.string().optional(),
  /** Some send it as text. Anything but true is no. */
  email_verified: z.union([z.boolean(), z.string()]).optional(),
});
export type Claims = z.infer<typeof claimsWire>;
