import { z } from "zod";

/** `GET /users/@me`. `email` would come with the scope `email` alone, which Foyer does not ask for. */
export const userWire = z.looseObject({
  id: z.string().min(1),
  username: z.string(),
  global_name: z.string().nullish(),
});

const snowflake = z.string().regex(/^\d{1,21}$/);
/** Permissions are numbers of more than 53 bits, as text. */
const bits = z
  .string()
  .regex(/^\d{1,30}$/)
  .transform((text) => BigInt(text));

/** `GET /users/@me/guilds`: of a person or of the bot. */
export const ownGuildsWire = z.array(
  z.looseObject({
    id: snowflake,
    name: z.string(),
    icon: z.string().nullish(),
    owner: z.boolean().nullish(),
    permissions: bits,
  }),
);

/** `GET /guilds/{id}/roles`. */
export const rolesWire = z.array(
  z.looseObject({
    id: snowflake,
    name: z.string(),
    color: z.number().int().nullish(),
    position: z.number().int(),
    permissions: bits,
    managed: z.boolean().nullish(),
    mentionable: z.boolean().nullish(),
  }),
);

/** `GET /guilds/{id}/channels`. */
export const channelsWire = z.array(
  z.looseObject({
    id: snowflake,
    type: z.number().int(),
    name: z.string().nullish(),
    position: z.number().int().nullish(),
    parent_id: snowflake.nullish(),
    permission_overwrites: z.array(z.looseObject({ id: snowflake, allow: bits, deny: bits })).nullish(),
  }),
);

/** `GET /guilds/{id}/members/{user}`. */
export const memberWire = z.looseObject({ roles: z.array(snowflake) });

/** A new role, and a new message. */
export const madeWire = z.looseObject({ id: snowflake });

/** `GET /channels/{id}/messages`. */
export const messagesWire = z.array(
  z.looseObject({
    id: snowflake,
    author: z.looseObject({ id: snowflake }),
    content: z.string(),
    embeds: z
      .array(
        z.looseObject({
          url: z.string().nullish(),
          title: z.string().nullish(),
          description: z.string().nullish(),
          author: z.looseObject({ url: z.string().nullish(), icon_url: z.string().nullish() }).nullish(),
          image: z.looseObject({ url: z.string().nullish() }).nullish(),
          thumbnail: z.looseObject({ url: z.string().nullish() }).nullish(),
        }),
      )
      .nullish(),
  }),
);
