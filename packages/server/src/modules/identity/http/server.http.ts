import type { Limits } from "@foyer/protocol";
import type { HttpFace } from "../../../transports/http/index.ts";

export interface ServerHttpDeps {
  version: string;
  limits: Limits;
  features: () => Record<string, boolean>;
}

/** Mounts `serverInfo`. */
export function mountServer(http: HttpFace, { version, limits, features }: ServerHttpDeps): void {
  http.mount("serverInfo", async () => ({ version, limits, features: features() }));
}
