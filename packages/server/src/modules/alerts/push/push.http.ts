import type { HttpFace } from "../../../transports/http/http.face.ts";
import type { PushDevices } from "./push.devices.ts";
import type { PushService } from "./push.service.port.ts";

/** Mounts what browsers need to get push, and what people do with their devices. `nameOf` reads a user agent. */
export function mountPush(
  http: HttpFace,
  {
    devices,
    service,
    nameOf,
  }: { devices: PushDevices; service: PushService; nameOf: (agent: string | null) => string },
): void {
  http.mount("getPushKey", async () => ({ publicKey: service.publicKey }));
  http.mount("listPushDevices", async ({ account }) => ({ items: await devices.list(account()) }));
  http.mount("addPushDevice", ({ account, body, request }) =>
    devices.add(account(), body, nameOf(request.headers.get("user-agent"))),
  );
  http.mount("removePushDevice", ({ account, params }) => devices.remove(account(), params.pushId));
}
