import type { HttpFace } from "../../../transports/http/index.ts";
import type { OwnerExport } from "./owner.export.ts";

/** Mounts the export of the vault. There is no import over the network: that takes the shell of the server. */
export function mountVaultExport(http: HttpFace, ownerExport: OwnerExport): void {
  http.mount("exportVault", ({ account, body }) => ownerExport.begin(account(), body.passphrase));
}
