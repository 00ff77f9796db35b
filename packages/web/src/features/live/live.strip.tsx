import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { changesOf, type LiveStreamer, liveIn } from "./live.now.ts";
import { liveQuery } from "./live.query.ts";
import { liveTexts as t } from "./live.texts.ts";

const LiveBar = lazy(async () => ({ default: (await import("./live.bar.tsx")).LiveBar }));

/** Who is live where this room announces them; nothing when nobody is. Its looks are loaded when somebody is. */
export function LiveStrip({ roomId }: { roomId: string }) {
  const { data } = useQuery(liveQuery(useClient()));
  const live = useMemo(() => (data === undefined ? undefined : liveIn(roomId, data)), [data, roomId]);
  const said = useChange(live);
  return (
    <>
      {/* Here from the beginning, so that readers of screens hear what comes into it. */}
      <div aria-live="polite" className="visually-hidden">
        {said}
      </div>
      {live !== undefined && live.length > 0 && (
        <Suspense fallback={null}>
          <LiveBar live={live} />
        </Suspense>
      )}
    </>
  );
}

/** What to say about the last change. How it was when one came is no change. */
function useChange(live: readonly LiveStreamer[] | undefined): string {
  const before = useRef<readonly LiveStreamer[]>(undefined);
  const [said, setSaid] = useState("");
  useEffect(() => {
    if (live === undefined) return;
    const { began, ended } = changesOf(before.current ?? live, live);
    before.current = live;
    if (began.length > 0) setSaid(t.began(began.join(", ")));
    else if (ended.length > 0) setSaid(t.ended(ended.join(", ")));
  }, [live]);
  return said;
}
