import ipaddr from "ipaddr.js";

/**
 * The network of an address, coarse enough to name a region and not a household: /24 of IPv4, /48 of IPv6. Undefined
 * for what is no address.
 */
export function coarsePlace(text: string): string | undefined {
  if (!ipaddr.isValid(text)) return undefined;
  const address = ipaddr.process(text);
  const range = address.range();
  if (range === "unspecified") return undefined;
  if (range === "loopback") return "this machine";
  const bytes = address.toByteArray();
  if (address.kind() === "ipv4") return `${bytes.slice(0, 3).join(".")}.0/24`;
  return `${ipaddr.fromByteArray([...bytes.slice(0, 6), ...new Array<number>(10).fill(0)]).toString()}/48`;
}
