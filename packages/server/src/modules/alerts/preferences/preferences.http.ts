import type { HttpFace } from "../../../transports/http/http.face.ts";
import type { Preferences } from "./preferences.ts";

/** Mounts what people choose for themselves. */
export function mountPreferences(http: HttpFace, preferences: Preferences): void {
  http.mount("getPreferences", async ({ caller }) => preferences.get(caller));
  http.mount("setPreference", async ({ caller, params, body }) =>
    preferences.set(caller, params.guildId, params.streamerId, body),
  );
  http.mount("setQuietHours", async ({ caller, body }) => preferences.setQuietHours(caller, body.quietHours));
}
