import ipaddr from "ipaddr.js";

type Address = ReturnType<typeof ipaddr.process>;

/** Works out where a request really comes from. `forwarded` is the `X-Forwarded-For` header. */
export type AddressResolver = (peer: string, forwarded: string | null | undefined) => string;

/**
 * Only the socket is believed, unless it is a trusted proxy: then the rightmost address of `X-Forwarded-For` that is
 * not a trusted proxy itself. `trusted` holds addresses and networks in CIDR notation; a wrong one throws.
 */
export function createAddressResolver(trusted: readonly string[]): AddressResolver {
  const networks = trusted.map((entry) => {
    if (entry.includes("/")) return ipaddr.parseCIDR(entry);
    const address = ipaddr.process(entry);
    return [address, address.kind() === "ipv4" ? 32 : 128] as const;
  });
  const isTrusted = (address: Address) =>
    networks.some(([network, bits]) => network.kind() === address.kind() && address.match(network, bits));

  return (peer, forwarded) => {
    let nearest = parse(peer);
    if (nearest === undefined) return peer;
    if (networks.length === 0 || !forwarded) return nearest.toString();
    const hops = forwarded.split(",").map((hop) => hop.trim());
    while (isTrusted(nearest)) {
      const hop = parse(hops.pop() ?? "");
      // Nothing further, or nonsense: the last address that is known to be true.
      if (hop === undefined) break;
      nearest = hop;
    }
    return nearest.toString();
  };
}

/** True for an address of this machine itself. */
export function isLoopback(address: string): boolean {
  return parse(address)?.range() === "loopback";
}

/** Reads an address as it may stand in a socket or header: with a port, in brackets, or IPv4 inside IPv6. */
function parse(text: string): Address | undefined {
  const bare = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1] ?? /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1] ?? text;
  // `127.1` and hexadecimal forms are addresses to the parser; here only the usual spelling counts.
  if (!ipaddr.isValid(bare) || (!bare.includes(":") && !ipaddr.IPv4.isValidFourPartDecimal(bare))) return undefined;
  return ipaddr.process(bare);
}
