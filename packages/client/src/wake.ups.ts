/** The part of a page that tells when it may be worth trying again; Node has none of it. */
interface Page {
  addEventListener?: (type: string, listener: () => void) => void;
  removeEventListener?: (type: string, listener: () => void) => void;
  document?: Page & { visibilityState?: string };
}

/**
 * Calls `retry` when the network comes or goes, and when the page is looked at again: its timers slept meanwhile.
 * Gives back what stops it. Does nothing outside a browser.
 */
export function onWakeUp(retry: () => void): () => void {
  const page: Page = globalThis;
  const shown = () => {
    if (page.document?.visibilityState === "visible") retry();
  };
  page.addEventListener?.("online", retry);
  page.addEventListener?.("offline", retry);
  page.document?.addEventListener?.("visibilitychange", shown);
  return () => {
    page.removeEventListener?.("online", retry);
    page.removeEventListener?.("offline", retry);
    page.document?.removeEventListener?.("visibilitychange", shown);
  };
}
