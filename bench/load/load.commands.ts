import type { Figures } from "./load.measures.ts";

/** `crowd` names a set of connections of the load process; `tokens` are shared out among them. */
interface InCrowd {
  crowd: string;
  room: string;
}

interface Joining extends InCrowd {
  count: number;
  tokens: readonly string[];
}

/** What the load process does for each command, and what it answers with. */
export interface LoadResults {
  join: object;
  leave: object;
  deliver: Figures;
  acknowledge: Figures;
  latency: { p50: number; p99: number };
  reconnect: { seconds: number };
}

export type LoadCommand =
  | ({ do: "join" } & Joining)
  | ({ do: "leave" } & InCrowd)
  | ({ do: "deliver"; inFlight: number; seconds: number } & InCrowd)
  | ({ do: "acknowledge"; inFlight: number; seconds: number } & InCrowd)
  | ({ do: "latency"; perSecond: number; seconds: number } & InCrowd)
  | ({ do: "reconnect"; writer: string; missed: number } & Joining);

export type LoadAnswer = { value: unknown } | { error: string };
