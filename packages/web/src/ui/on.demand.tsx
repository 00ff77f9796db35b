import { type ComponentType, type LazyExoticComponent, lazy, type ReactNode, Suspense, useState } from "react";

/** What a trigger must put on its button: it fetches the rest when somebody comes near, and opens it when pressed. */
export interface TriggerProps {
  "aria-haspopup": "menu" | "dialog";
  "aria-expanded": boolean;
  onPointerEnter: () => void;
  onFocus: () => void;
  onClick: () => void;
}

/** A component that is loaded the first time it is needed. */
export interface Demanded<P> {
  View: LazyExoticComponent<ComponentType<P>>;
  fetch: () => void;
}

/** Makes a component that is loaded on demand, and whose code can be fetched ahead of it. */
export function onDemand<P>(load: () => Promise<ComponentType<P>>): Demanded<P> {
  return {
    View: lazy(async () => ({ default: await load() })),
    // A failed fetch ahead of time is tried again when the thing is really wanted.
    fetch: () => void load().catch(() => undefined),
  };
}

interface OnDemandProps {
  popup: "menu" | "dialog";
  fetch: () => void;
  /** The button as it looks before the rest is here. */
  trigger: (props: TriggerProps) => ReactNode;
  /** The same button with what it opens, opened from the start. */
  children: ReactNode;
}

/**
 * A button whose popup is code that most visits never need. Before the first press only the button exists; from then
 * on the children take its place, already open, so that no focus is lost in between.
 */
export function OnDemand(props: OnDemandProps) {
  const [pressed, setPressed] = useState(false);
  const trigger = props.trigger({
    "aria-haspopup": props.popup,
    "aria-expanded": false,
    onPointerEnter: props.fetch,
    onFocus: props.fetch,
    onClick: () => setPressed(true),
  });
  return pressed ? <Suspense fallback={trigger}>{props.children}</Suspense> : trigger;
}
