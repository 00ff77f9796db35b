import type { RoomSnapshot } from "@foyer/client";
import type { Profile } from "@foyer/protocol";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useClient } from "../../app/client.context.tsx";
import { useOpenRoom } from "../room/room.context.ts";
import type { CompletionToken } from "./completion.parse.ts";
import { findEmoji, loadEmoji } from "./emoji.source.ts";

/** One line of the completion: what is put into the text, and what it stands for. */
export interface Completion {
  key: string;
  insert: string;
  label: string;
  hint?: string;
  person?: Profile;
  emoji?: string;
}

const most = 8;

/** What fits the token at the caret: people of the room, everybody for those who may, or emoji. */
export function useCompletions(
  token: CompletionToken | undefined,
  snapshot: RoomSnapshot,
  everybody: string,
): Completion[] {
  const client = useClient();
  const { view, self } = useOpenRoom();
  const wanted = token?.kind === "mention" ? token.query : "";
  const [asked] = useDebouncedValue(wanted, 150);
  const members = useQuery({
    queryKey: ["mention", view.roomId, asked],
    queryFn: async ({ signal }) =>
      (await client.api.listMembers({ params: { roomId: view.roomId }, query: { q: asked, limit: most }, signal }))
        .members,
    enabled: token?.kind === "mention" && asked !== "" && self !== undefined,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
    retry: false,
  });
  const emoji = useQuery({
    queryKey: ["emoji-names"],
    queryFn: ({ signal }) => loadEmoji(signal),
    enabled: token?.kind === "emoji",
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  if (token === undefined) return [];
  if (token.kind === "emoji") {
    return findEmoji(emoji.data ?? [], token.query).map((item) => ({
      key: item.name,
      insert: `${item.emoji} `,
      label: `:${item.name}:`,
      emoji: item.emoji,
    }));
  }
  const near = [...snapshot.messages.map((message) => message.author).reverse(), ...(snapshot.presence.accounts ?? [])];
  const found = matchPeople([...near, ...(members.data ?? [])], token.query, self?.accountId);
  const completions = found.map(
    (person): Completion => ({
      key: person.accountId,
      insert: `@${person.handle} `,
      label: person.displayName,
      hint: `@${person.handle}`,
      person,
    }),
  );
  if (view.rights.mentionRoom && "room".startsWith(token.query)) {
    completions.push({ key: "@room", insert: "@room ", label: "@room", hint: everybody });
  }
  return completions;
}

/** People whose handle or a word of whose name begins with the query, each once, in the given order; at most eight. */
export function matchPeople(people: readonly Profile[], query: string, self: string | undefined): Profile[] {
  const found = new Map<string, Profile>();
  for (const person of people) {
    if (found.size >= most) break;
    if (person.accountId === self || found.has(person.accountId)) continue;
    const words = person.displayName.toLocaleLowerCase().split(/\s+/u);
    if (person.handle.startsWith(query) || words.some((word) => word.startsWith(query)))
      found.set(person.accountId, person);
  }
  return [...found.values()];
}
