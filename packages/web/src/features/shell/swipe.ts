import { type TouchEvent, useRef } from "react";

const distance = 64;

interface SwipeHandlers {
  onTouchStart?: (event: TouchEvent) => void;
  onTouchEnd?: (event: TouchEvent) => void;
}

/** Handlers for a clear sideways swipe: well over twice as wide as high, and not over something that scrolls sideways. */
export function useSwipe(options: { left: () => void; right: () => void; on: boolean }): SwipeHandlers {
  const start = useRef<{ x: number; y: number } | undefined>(undefined);
  if (!options.on) return {};
  return {
    onTouchStart(event) {
      const touch = event.touches[0];
      const usable = touch !== undefined && event.touches.length === 1 && !scrollsSideways(event.target);
      start.current = usable ? { x: touch.clientX, y: touch.clientY } : undefined;
    },
    onTouchEnd(event) {
      const touch = event.changedTouches[0];
      if (start.current === undefined || touch === undefined) return;
      const x = touch.clientX - start.current.x;
      const y = touch.clientY - start.current.y;
      start.current = undefined;
      if (Math.abs(x) < distance || Math.abs(x) < Math.abs(y) * 2.5) return;
      if (x > 0) options.right();
      else options.left();
    },
  };
}

function scrollsSideways(target: EventTarget): boolean {
  for (let node = target instanceof Element ? target : null; node !== null; node = node.parentElement) {
    if (
      node.scrollWidth > node.clientWidth + 1 &&
      getComputedStyle(node).overflowX !== "visible" &&
      node.matches("pre, table, textarea, input, [data-scrolls]")
    ) {
      return true;
    }
  }
  return false;
}
