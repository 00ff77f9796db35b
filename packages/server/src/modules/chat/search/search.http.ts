import type { HttpFace } from "../../../transports/http/http.face.ts";
import { type SearchDeps, searchMessages } from "./search.ts";

/** Mounts search. */
export function mountSearch(http: HttpFace, search: SearchDeps): void {
  http.mount("search", ({ account, query }) => searchMessages(search, account(), query));
}
