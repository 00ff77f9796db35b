import { useEffect } from "react";
import { isGuest, useSession } from "../../app/session.ts";

/** Once for each visit of somebody with an account, when nothing else is to do: see `settleDevice`. */
export function useDeviceWatch(): void {
  const session = useSession();
  const accountId = isGuest(session) ? undefined : session.account?.accountId;
  useEffect(() => {
    if (accountId === undefined) return;
    // What goes wrong here is told where somebody asks for it: in the settings.
    const settle = () =>
      void import("./push.device.ts").then((device) => device.settleDevice(accountId)).catch(() => undefined);
    // Safari knows no idle time.
    if (!("requestIdleCallback" in globalThis)) {
      const timer = setTimeout(settle, 3_000);
      return () => clearTimeout(timer);
    }
    const waiting = requestIdleCallback(settle, { timeout: 10_000 });
    return () => cancelIdleCallback(waiting);
  }, [accountId]);
}
