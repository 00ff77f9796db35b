export type { AccountCaller, Caller, Credentials } from "../../platform/caller/caller.ts";
