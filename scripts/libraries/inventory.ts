/** The parts of a `package.json` that name libraries. */
export interface Manifest {
  dependencies?: Record<string, string>;
  devDependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

/** The parts of `package-lock.json` that say what is installed. Keys of `packages` are paths. */
export interface Lock {
  packages: Record<string, LockedPackage>;
}

/** One of them. `link`: it is ours. */
interface LockedPackage {
  version?: string;
  integrity?: string;
  resolved?: string;
  license?: string;
  link?: boolean;
  inBundle?: boolean;
  dev?: boolean;
}

/** Libraries of a manifest whose version is left open, one line each. */
export function unpinned(path: string, manifest: Manifest): string[] {
  const all = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
  return Object.entries(all)
    .filter(([, version]) => !/^(npm:(@[^/]+\/)?[^@]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
    .map(([name, version]) => `${path}: ${name} is not pinned to one version (${version})`);
}

/** Libraries of the lock file that come without a hash, or from elsewhere than a registry, one line each. */
export function unproven({ packages }: Lock): string[] {
  return Object.entries(packages)
    .filter(([path, { link }]) => path.includes("node_modules/") && link !== true)
    .flatMap(([path, { integrity, resolved, inBundle }]) => {
      // What lies inside of another package is covered by the hash of that one.
      if (inBundle === true) return [];
      if (integrity === undefined || !integrity.startsWith("sha512-"))
        return [`package-lock.json: ${path} has no SHA-512`];
      if (resolved !== undefined && !/^https:\/\/[^/]+\/.*\.tgz$/.test(resolved))
        return [`package-lock.json: ${path} comes from ${resolved}`];
      return [];
    });
}
