import type { Lock } from "./inventory.ts";

/**
 * The libraries of a lock file without those for development alone, in the words of CycloneDX 1.5: name, version,
 * licence, SHA-512. `npm sbom --omit dev` leaves out whatever a development tool needs as well.
 */
export function billOfMaterials({ packages }: Lock, product: { name: string; version: string }): object {
  const components = Object.entries(packages)
    .filter(([path, { link, dev }]) => path.includes("node_modules/") && link !== true && dev !== true)
    .map(([path, { version = "", integrity, license }]) => {
      const name = path.replace(/^.*node_modules\//, "");
      const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
      return {
        type: "library",
        "bom-ref": purl,
        name,
        version,
        purl,
        ...(license === undefined ? {} : { licenses: [{ expression: license }] }),
        ...(integrity === undefined ? {} : { hashes: [{ alg: "SHA-512", content: hexOf(integrity) }] }),
      };
    });
  const once = new Map(components.map((component) => [component.purl, component]));
  return {
    bomFormat: "CycloneDX",
    specVersion: "1.5",
    version: 1,
    metadata: { component: { type: "application", ...product } },
    components: [...once.values()],
  };
}

const hexOf = (integrity: string) => Buffer.from(integrity.replace(/^sha512-/, ""), "base64").toString("hex");
