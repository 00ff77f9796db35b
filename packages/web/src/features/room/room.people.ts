import type { RoomSnapshot } from "@foyer/client";
import type { Profile } from "@foyer/protocol";
import { useCallback, useRef } from "react";

/** Collects names of accounts that this room has shown: authors, those who are here, oneself. The function is stable. */
export function usePeople(
  snapshot: RoomSnapshot,
  self: Profile | undefined,
): (accountId: string) => string | undefined {
  const names = useRef(new Map<string, string>());
  const seen = useRef<readonly unknown[]>([]);
  const inputs = [snapshot.messages, snapshot.presence.accounts, snapshot.room?.people, self];
  if (inputs.some((input, index) => input !== seen.current[index])) {
    seen.current = inputs;
    const people = [
      ...snapshot.messages.map((message) => message.author),
      ...(snapshot.presence.accounts ?? []),
      ...(snapshot.room?.people ?? []),
      ...(self === undefined ? [] : [self]),
    ];
    for (const person of people) names.current.set(person.accountId, person.displayName);
  }
  return useCallback((accountId: string) => names.current.get(accountId), []);
}
