import { type TouchEvent, useRef } from "react";

const holdMs = 450;

/** Touch handlers that call `run` after a still press of almost half a second. */
export function useLongPress(run: () => void) {
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const held = useRef(false);
  const stop = (): void => clearTimeout(timer.current);
  return {
    onTouchStart(event: TouchEvent): void {
      stop();
      held.current = false;
      if (event.touches.length !== 1) return;
      if (event.target instanceof Element && event.target.closest("a, button, input, textarea") !== null) return;
      timer.current = setTimeout(() => {
        held.current = true;
        run();
      }, holdMs);
    },
    onTouchMove: stop,
    onTouchEnd(event: TouchEvent): void {
      stop();
      // Letting go is no tap on what has opened under the finger.
      if (held.current && event.cancelable) event.preventDefault();
    },
    onTouchCancel: stop,
  };
}
