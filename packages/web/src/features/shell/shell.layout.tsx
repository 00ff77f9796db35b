import { useLocalStorage, useMediaQuery } from "@mantine/hooks";
import { Outlet, useLocation, useMatchRoute } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { useClient } from "../../app/client.context.tsx";
import { FocusMemory } from "../../ui/focus.memory.tsx";
import { LoadingState } from "../../ui/state.view.tsx";
import { useLiveWatch } from "../live/live.query.ts";
import { useDeviceWatch } from "../notifications/device.watch.ts";
import { RoomNav } from "../rooms/room.nav.tsx";
import { useLiveRooms, useRooms } from "../rooms/rooms.query.ts";
import { ConnectionBanner } from "./connection.banner.tsx";
import { RoomsButton } from "./rooms.button.tsx";
import { useSessionWatch } from "./session.watch.ts";
import { ShellContext } from "./shell.context.ts";
import { useShellKeys } from "./shell.keys.ts";
import styles from "./shell.module.css";
import { shellTexts } from "./shell.texts.ts";
import { useSwipe } from "./swipe.ts";

const SideDrawer = lazy(async () => ({ default: (await import("../../ui/side.drawer.tsx")).SideDrawer }));
const QuickSwitcher = lazy(async () => ({ default: (await import("./quick.switcher.tsx")).QuickSwitcher }));

/** The frame of every page behind the door: rooms on the left (on a phone in a drawer), the page beside them. */
export function ShellLayout() {
  const client = useClient();
  const phone = useMediaQuery("(max-width: 48em)", undefined, { getInitialValueInEffect: false }) ?? false;
  const [folded, setFolded] = useLocalStorage({
    key: "foyer.rooms-folded",
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  // The drawer belongs to the page it was opened on: going to another one closes it.
  const [drawerOn, setDrawerOn] = useState<string>();
  const [switcher, setSwitcher] = useState(false);
  const rooms = useRooms();
  const match = useMatchRoute();
  // These pages have a header of their own, with the button for the list of rooms in it.
  const ownHeader = (["/rooms/$roomId", "/settings/$", "/admin/$", "/alerts", "/alerts/$guildId/$"] as const).some(
    (to) => match({ to }) !== false,
  );
  const path = useLocation({ select: (location) => location.pathname });

  useEffect(() => client.connect(), [client]);
  useLiveRooms(rooms.data);
  useLiveWatch();
  useSessionWatch();
  useDeviceWatch();
  useShellKeys(rooms.data, () => setSwitcher(true));
  const swipe = useSwipe({ right: () => setDrawerOn(path), left: () => setDrawerOn(undefined), on: phone });

  const shell = useMemo(
    () => ({
      roomsShown: !phone && !folded,
      showRooms: () => (phone ? setDrawerOn(path) : setFolded(false)),
      openSwitcher: () => setSwitcher(true),
    }),
    [phone, folded, path, setFolded],
  );

  return (
    <ShellContext value={shell}>
      <FocusMemory>
        <a className={styles.skip} href="#content">
          {shellTexts.skip}
        </a>
        <div className={styles.shell} {...swipe}>
          {!phone && !folded && (
            <nav className={styles.rooms} aria-label={shellTexts.rooms}>
              <RoomNav onFold={() => setFolded(true)} />
            </nav>
          )}
          {phone && (
            <Suspense fallback={null}>
              <SideDrawer
                side="left"
                label={shellTexts.rooms}
                opened={drawerOn === path}
                onClose={() => setDrawerOn(undefined)}
              >
                <nav className={styles.drawerNav} aria-label={shellTexts.rooms} {...swipe}>
                  <RoomNav onFold={() => setDrawerOn(undefined)} />
                </nav>
              </SideDrawer>
            </Suspense>
          )}
          <main className={styles.main} id="content" tabIndex={-1}>
            {!ownHeader && !shell.roomsShown && (
              <div className={styles.bar}>
                <RoomsButton />
                <span>{shellTexts.product}</span>
              </div>
            )}
            <div className={styles.page}>
              <Suspense fallback={<LoadingState />}>
                <Outlet />
              </Suspense>
            </div>
            <ConnectionBanner />
          </main>
        </div>
        {switcher && (
          <Suspense fallback={null}>
            <QuickSwitcher rooms={rooms.data ?? []} onClose={() => setSwitcher(false)} />
          </Suspense>
        )}
      </FocusMemory>
    </ShellContext>
  );
}
