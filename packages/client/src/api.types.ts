import type { EndpointInput, EndpointName, EndpointOutput, Endpoints } from "@foyer/protocol";
import type { ApiFile } from "./api.file.ts";

type Given<N extends EndpointName> = {
  [K in keyof EndpointInput<N> as EndpointInput<N>[K] extends undefined ? never : K]: EndpointInput<N>[K];
};

/** Parts of the input whose fields are all optional may be left out. */
type Loose<T> = { [K in keyof T as Record<never, never> extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as Record<never, never> extends T[K] ? K : never]?: T[K];
};

/** What one operation takes: `params`, `query` and `body` as far as it has them, and a signal that gives it up. */
export type ApiInput<N extends EndpointName> = Loose<Given<N>> & { signal?: AbortSignal | undefined };

/** What one operation gives: its answer, or the file that it answers with. */
type ApiOutput<N extends EndpointName> = Endpoints[N] extends { readonly file: string } ? ApiFile : EndpointOutput<N>;

/** One operation as a function. The input may be left out when nothing in it is required. */
export type ApiCall<N extends EndpointName> =
  Record<never, never> extends ApiInput<N>
    ? (input?: ApiInput<N>) => Promise<ApiOutput<N>>
    : (input: ApiInput<N>) => Promise<ApiOutput<N>>;

/** Every HTTP operation by its name. Each throws `FoyerError`. */
export type Api = { readonly [N in EndpointName]: ApiCall<N> };
