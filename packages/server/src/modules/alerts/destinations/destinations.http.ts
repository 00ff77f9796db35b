import type { HttpFace } from "../../../transports/http/http.face.ts";
import type { Destinations } from "./destinations.ts";

/** Mounts the operations on destinations. */
export function mountDestinations(http: HttpFace, destinations: Destinations): void {
  http.mount("listDestinations", async ({ caller, params }) => ({
    items: await destinations.list(caller, params.guildId),
  }));
  http.mount("createDestination", async ({ caller, params, body }) =>
    destinations.create(caller, params.guildId, body),
  );
  http.mount("updateDestination", async ({ caller, params, body }) =>
    destinations.update(caller, params.guildId, params.destinationId, body),
  );
  http.mount("deleteDestination", async ({ caller, params }) =>
    destinations.remove(caller, params.guildId, params.destinationId),
  );
  http.mount("testDestination", async ({ caller, params }) =>
    destinations.test(caller, params.guildId, params.destinationId),
  );
  http.mount("listOverrides", async ({ caller, params }) => ({
    items: await destinations.overrides(caller, params.guildId, params.destinationId),
  }));
  http.mount("setOverride", async ({ caller, params, body }) =>
    destinations.setOverride(caller, params.guildId, params, body),
  );
  http.mount("previewAlert", async ({ caller, params, body }) => destinations.preview(caller, params.guildId, body));
}
