import type { Profile } from "@foyer/protocol";
import { useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { useClient } from "../../app/client.context.tsx";
import { deferWithUndo, offerUndo, say } from "../../ui/undo.toast.tsx";
import { durationText } from "./duration.presets.ts";
import { moderationTexts } from "./moderation.texts.ts";

/** Key of the queries of a room's members; the first part of all of them. */
export const membersKey = (roomId: string) => ["members", roomId] as const;

/** Key of the query of bans: of a room, or of the server without one. */
export const bansKey = (roomId: string | undefined) => ["bans", roomId ?? null] as const;

/** What a moderator can do to somebody in a room. Each says in a toast what was done, with a way back where there is one. */
export function useSanctions(roomId: string) {
  const client = useClient();
  const queries = useQueryClient();
  return useMemo(() => {
    const refresh = () => queries.invalidateQueries({ queryKey: membersKey(roomId) });
    const t = moderationTexts.member;

    const unmute = async (person: Profile) => {
      await client.api.unmuteMember({ params: { roomId, accountId: person.accountId } });
      await refresh();
    };

    return {
      /** `seconds` 0 mutes until it is lifted. Rejects with what the server refused. */
      async timeOut(person: Profile, options: { seconds: number; reason?: string }): Promise<void> {
        await client.api.muteMember({
          params: { roomId },
          body: {
            accountId: person.accountId,
            ...(options.seconds > 0 ? { seconds: options.seconds } : {}),
            ...(options.reason ? { reason: options.reason } : {}),
          },
        });
        offerUndo({
          message:
            options.seconds > 0
              ? t.timedOut(person.displayName, durationText(options.seconds))
              : t.muted(person.displayName),
          undo: () => unmute(person),
        });
        await refresh();
      },

      async unmute(person: Profile): Promise<void> {
        await unmute(person);
        say(t.unmuted(person.displayName));
      },

      /** Removes after some seconds, unless it is taken back. */
      remove(person: Profile): void {
        deferWithUndo({
          message: t.removing(person.displayName),
          commit: async () => {
            await client.api.removeMember({ params: { roomId, accountId: person.accountId } });
            await refresh();
          },
          restore: () => void refresh(),
        });
      },
    };
  }, [client, queries, roomId]);
}
