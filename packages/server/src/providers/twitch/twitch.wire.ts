import { z } from "zod";

/** `POST /oauth2/token`. Other than the standard has it, `scope` is a list, and empty grants leave it out. */
export const tokenWire = z.looseObject({
  access_token: z.string().min(1),
  refresh_token: z.string().optional(),
  expires_in: z.number().optional(),
  scope: z.union([z.array(z.string()), z.string()]).nullish(),
  token_type: z.string(),
});

/** Errors of Twitch's sign-in host: no `error` code to go by, but a status and a sentence. */
export const errorWire = z.looseObject({ status: z.number().optional(), message: z.string() });

/** `GET /oauth2/validate`. */
export const validateWire = z.looseObject({
  client_id: z.string(),
  login: z.string(),
  scopes: z.array(z.string()).nullish(),
  user_id: z.string().min(1),
  expires_in: z.number().optional(),
});

/** `GET /helix/users`. `email` comes with the scope `user:read:email` alone, and only once Twitch has verified it. */
export const usersWire = z.looseObject({
  data: z.array(
    z.looseObject({
      id: z.string(),
      login: z.string(),
      display_name: z.string(),
      email: z.string().optional(),
      profile_image_url: z.string().optional(),
    }),
  ),
});
