import { handle as handleSchema } from "@foyer/protocol";
import type { Ids } from "../../../platform/clock/clock.ts";
import { isReserved } from "./reserved.handles.ts";

/** For whoever has no name that could be a handle. */
const NOBODY = "member";
const LONGEST = 32;
const TRIES = 6;

/**
 * Handles to try, best first: the login as it is, then with a few random characters. Never from an e-mail address: a
 * handle is public.
 */
export function handleChoices(login: string | undefined, ids: Ids): string[] {
  const plain = plainHandle(login);
  const base = plain === undefined || isReserved(`${plain}-x`) ? NOBODY : plain;
  const choices = plain === undefined ? [] : [plain];
  while (choices.length < TRIES) choices.push(`${base.slice(0, LONGEST - 6)}-${suffix(ids)}`);
  return choices.filter((each) => !isReserved(each));
}

const suffix = (ids: Ids) =>
  ids
    .secret(12)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, "")
    .slice(0, 5)
    .padEnd(5, "0");

function plainHandle(login: string | undefined): string | undefined {
  if (login === undefined || login.includes("@")) return undefined;
  const text = login
    .normalize("NFKD")
    .toLowerCase()
    .replaceAll(/[^a-z0-9_.-]/g, "")
    .replaceAll(/^[^a-z0-9]+/g, "")
    .slice(0, LONGEST)
    .replaceAll(/[^a-z0-9]+$/g, "");
  return handleSchema.safeParse(text).success ? text : undefined;
}
