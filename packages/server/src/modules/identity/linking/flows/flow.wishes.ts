import { permissionLevel } from "@foyer/protocol";
import { AppError } from "../../../../platform/errors/app.error.ts";
import type { FlowWishes } from "./flow.ts";
import { safeReturnPath } from "./return.path.ts";

/** What the address of a sign-in asks for. Throws `request.invalid` for a permission level that there is not. */
export function wishesOf(query: URLSearchParams): FlowWishes {
  const wishes = goodWishesOf(query);
  if (query.has("permission_level") && wishes.level === undefined) {
    const allowed = `must be one of ${permissionLevel.options.join(", ")}`;
    throw new AppError("request.invalid", `permission_level ${allowed}.`, {
      fields: [{ path: "permission_level", message: allowed }],
    });
  }
  return wishes;
}

/** The same without what cannot be: a broken link still signs in. */
export function goodWishesOf(query: URLSearchParams): FlowWishes {
  const invite = query.get("invite")?.slice(0, 128);
  return {
    level: permissionLevel.safeParse(query.get("permission_level")).data,
    returnTo: safeReturnPath(query.get("return_to")),
    ...(invite === undefined ? {} : { invite }),
    ...(query.get("separate") === "true" ? { separate: true } : {}),
  };
}
