import { AppError } from "../../../platform/errors/app.error.ts";

/** The outside account is somebody else's here. `name` is the provider's. */
export function taken(name: string): AppError {
  return new AppError("link.taken", `This ${name} account belongs to another account here.`);
}

/** The provider is not one that this server has. */
export function notConfigured(name: string): AppError {
  return new AppError("sign_in.not_configured", `Signing in by ${name} is not set up on this server.`);
}
