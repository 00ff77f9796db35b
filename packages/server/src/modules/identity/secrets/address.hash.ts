import { createHmac } from "node:crypto";
import ipaddr from "ipaddr.js";

/**
 * Keyed hash of a network address: equal for equal addresses, useless to whoever has not the key. IPv6 counts by its
 * /64 network, which is what one household or machine is given. `secret` is the server's own.
 */
export function createAddressHash(secret: string): (address: string) => string {
  const key = createHmac("sha256", secret).update("foyer: network addresses").digest();
  return (address) => createHmac("sha256", key).update(network(address)).digest("base64url").slice(0, 22);
}

function network(text: string): string {
  if (!ipaddr.isValid(text)) return text;
  const address = ipaddr.process(text);
  return address.kind() === "ipv4"
    ? address.toString()
    : `${address.toNormalizedString().split(":").slice(0, 4).join(":")}::/64`;
}
