import ipaddr from "ipaddr.js";

/** Which addresses may be written to. */
export interface AddressRules {
  /** `https`: anything on the internet. `http`: only what the operator has named. */
  permits(address: string, protocol: "http:" | "https:"): boolean;
}

/**
 * Rules by the networks (CIDR) that an operator has named. Everything that is not an ordinary address of the internet is
 * refused: this machine, private and shared networks, link-local ones (where clouds tell secrets), multicast, what is
 * reserved, and addresses of version 6 that stand for one of version 4 (mapped, NAT64, 6to4, Teredo).
 */
export function createAddressRules(networks: readonly string[]): AddressRules {
  const named = networks.map((network) => ipaddr.parseCIDR(network.includes("/") ? network : whole(network)));
  return {
    permits(address, protocol) {
      const bare = address.replace(/^\[|\]$/g, "").replace(/%.*$/, "");
      if (!ipaddr.isValid(bare)) return false;
      // `::ffff:10.0.0.1` is 10.0.0.1.
      const parsed = ipaddr.process(bare);
      const isNamed = named.some(
        ([network, bits]) => parsed.kind() === network.kind() && parsed.match([network, bits]),
      );
      return isNamed || (protocol === "https:" && parsed.range() === "unicast");
    },
  };
}

const whole = (address: string) => `${address}/${address.includes(":") ? 128 : 32}`;
