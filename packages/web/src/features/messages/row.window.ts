import { useCallback, useEffect, useLayoutEffect, useReducer, useRef } from "react";
import type { MessageRow } from "./message.rows.ts";

const retryMs = 24;
const patienceMs = 150;

interface RowWindow {
  rows: readonly MessageRow[];
  shift: boolean;
  windowId: number;
}

/**
 * The rows to show, and how they continue those of the last render. `shift`: rows came or went at the start, so the
 * place is kept from the end. `windowId` counts windows: rows that share nothing with those before are a new one.
 *
 * The list says with `setSettled` when rows were measured anew (false) and when a scroll event came (true). In between
 * the virtualizer still counts in old positions; rows that come in above would make it show the wrong ones for a frame
 * or two, so they wait for it.
 */
export function useWindowOfRows(rows: readonly MessageRow[]): RowWindow & { setSettled: (settled: boolean) => void } {
  const unsettledAt = useRef(0);
  const before = useRef<RowWindow>({ rows: [], windowId: 0, shift: false });
  const [, rerender] = useReducer((count: number) => count + 1, 0);
  const last = before.current;
  const fresh = last.rows === rows ? last : { rows, ...continuation(last.rows, rows, last.windowId) };
  const held = fresh !== last && fresh.shift && performance.now() - unsettledAt.current < patienceMs;
  const next = held ? last : fresh;
  useLayoutEffect(() => {
    // Rows that came in above move everything: the next ones wait for that, too.
    if (next !== before.current && next.shift) unsettledAt.current = performance.now();
    before.current = next;
  });
  useEffect(() => {
    if (!held) return undefined;
    const timer = setInterval(rerender, retryMs);
    return () => clearInterval(timer);
  }, [held]);
  const setSettled = useCallback((settled: boolean) => {
    unsettledAt.current = settled ? 0 : performance.now();
  }, []);
  return { ...next, setSettled };
}

/** Compares two windows of rows by their keys. */
export function continuation(
  before: readonly MessageRow[],
  now: readonly MessageRow[],
  windowId: number,
): { shift: boolean; windowId: number } {
  const first = before[0];
  if (first === undefined || now[0] === undefined)
    return { shift: false, windowId: before.length === now.length ? windowId : windowId + 1 };
  if (first.key === now[0].key) return { shift: false, windowId };
  const known = new Set(before.map((row) => row.key));
  const overlaps = now.some((row) => known.has(row.key));
  return overlaps ? { shift: true, windowId } : { shift: false, windowId: windowId + 1 };
}
