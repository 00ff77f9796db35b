import type { Logger } from "pino";
import type { Registry } from "prom-client";
import type { SecurityMonitor } from "../security/security.monitor.ts";
import type { KeyFile } from "./key.file.ts";
import type { KmsSettings } from "./kms.keys.ts";

/** Where the keys come from, and the bounds of the cache of data keys. */
export interface VaultSettings {
  /** New secrets are sealed under this key of AWS KMS; without it under the current key of the file. */
  kms?: KmsSettings | undefined;
  keyFile: KeyFile;
  cache?: Partial<CacheBounds> | undefined;
}

/** What the vault reports to. `security` hears of everything that could not be sealed or opened. */
export interface VaultDeps {
  log: Logger;
  metrics: Registry;
  security?: Pick<SecurityMonitor, "record"> | undefined;
}

/** How long and how much one data key is used, and how many are remembered. */
export interface CacheBounds {
  /** Seconds for which one data key seals new secrets. */
  sealSeconds: number;
  /** Seconds for which an opened data key is remembered: a key that KMS refuses from now on still opens for so long. */
  openSeconds: number;
  /** Secrets that one data key seals. */
  messages: number;
  /** Bytes that one data key seals. */
  bytes: number;
  /** Data keys that are remembered. */
  dataKeys: number;
}

export const defaultCacheBounds: CacheBounds = {
  sealSeconds: 3600,
  openSeconds: 600,
  messages: 1000,
  bytes: 1_048_576,
  dataKeys: 1000,
};
