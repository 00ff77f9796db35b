import type { limitVariables, serverVariables } from "./config.variables.ts";
import type { Variable } from "./variable.ts";

/** The values that a set of variables gives. */
type Values<V extends Record<string, Variable>> = { [K in keyof V]: V[K] extends Variable<infer T> ? T : never };
/** 0 means unlimited. */
export type Limits = Values<typeof limitVariables>;
/** What may be given of the server's own settings. */
export type Given = Partial<Values<typeof serverVariables>>;

/** Everything that an operator can set, checked and completed. Built once at start and passed on explicitly. */
export interface Config {
  port: number;
  host: string;
  /** Origin that people open, without a slash at the end. */
  publicUrl: string;
  nodeEnv: "development" | "production" | "test";
  /** Undefined: `info`, or `warn` when started on a terminal. */
  logLevel: "trace" | "debug" | "info" | "warn" | "error" | "silent" | undefined;
  /** Absolute. */
  dataDir: string;
  databaseUrl: string;
  jwtSecret: string;
  /** How long a sign-in lasts, in seconds. */
  sessionSeconds: number;
  /** Life of access tokens for outside programs, in seconds. */
  jwtExpiresIn: number;
  /** CIDR. */
  trustedProxies: string[];
  /** CIDR. */
  outgoingNetworks: string[];
  allowedOrigins: string[];
  guests: "none" | "read" | "write";
  registration: "open" | "closed";
  hstsSubdomains: "yes" | "no";
  metricsToken: string | undefined;
  /** 0 means unlimited. */
  limits: Limits;
  /** Values of the outside services' variables that are set, by name. */
  services: Record<string, string>;
  /** The settings file that was read. */
  file: string | undefined;
}
