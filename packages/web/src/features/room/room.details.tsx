import { useMediaQuery } from "@mantine/hooks";
import { lazy, Suspense, useState } from "react";
import { LoadingState } from "../../ui/state.view.tsx";
import { useOpenRoom } from "./room.context.ts";
import styles from "./room.module.css";
import { roomTexts as texts } from "./room.texts.ts";

const SideDrawer = lazy(async () => ({ default: (await import("../../ui/side.drawer.tsx")).SideDrawer }));
const MemberPanel = lazy(async () => ({ default: (await import("../members/member.panel.tsx")).MemberPanel }));
const PinPanel = lazy(async () => ({ default: (await import("./pin.panel.tsx")).PinPanel }));

export type DetailsKind = "people" | "pins";

/** The third column, on demand: people or pinned messages. On narrow windows a drawer from the right. */
export function RoomDetails(props: { kind: DetailsKind | undefined; onClose: () => void }) {
  const narrow = useMediaQuery("(max-width: 64em)", undefined, { getInitialValueInEffect: false }) ?? false;
  const [wanted, setWanted] = useState(false);
  if (props.kind !== undefined && !wanted) setWanted(true);
  const label = props.kind === "pins" ? texts.pins : texts.people;
  if (narrow) {
    return (
      <Suspense fallback={null}>
        {wanted && (
          <SideDrawer side="right" label={label} opened={props.kind !== undefined} onClose={props.onClose}>
            <Panel kind={props.kind} onClose={props.onClose} />
          </SideDrawer>
        )}
      </Suspense>
    );
  }
  if (props.kind === undefined) return null;
  return (
    <aside className={styles.details} aria-label={label}>
      <Panel kind={props.kind} onClose={props.onClose} />
    </aside>
  );
}

function Panel(props: { kind: DetailsKind | undefined; onClose: () => void }) {
  const { view } = useOpenRoom();
  return (
    <Suspense fallback={<LoadingState />}>
      {props.kind === "people" && <MemberPanel room={view} onClose={props.onClose} />}
      {props.kind === "pins" && <PinPanel onClose={props.onClose} />}
    </Suspense>
  );
}
