import type { FoyerClient } from "@foyer/client";
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { LoadingState } from "../ui/state.view.tsx";
import { CrashPage, MissingPage } from "./fallback.page.tsx";
import { isGuest, mayEnter, sessionQuery } from "./session.ts";

/** What routes are given: the page's client and its query cache. */
export interface RouterContext {
  client: FoyerClient;
  queries: QueryClient;
}

const root = createRootRouteWithContext<RouterContext>()({
  beforeLoad: async ({ context }) => ({ session: await context.queries.ensureQueryData(sessionQuery(context.client)) }),
  notFoundComponent: MissingPage,
});

const back = (search: Record<string, unknown>): { next?: string } =>
  typeof search["next"] === "string" && /^\/(?![/\\])/.test(search["next"]) ? { next: search["next"] } : {};

const notices = ["reset", "deleted", "late"] as const;

const signIn = createRoute({
  getParentRoute: () => root,
  path: "/sign-in",
  validateSearch: (search: Record<string, unknown>): { next?: string; notice?: (typeof notices)[number] } => {
    const notice = notices.find((each) => each === search["notice"]);
    return { ...back(search), ...(notice === undefined ? {} : { notice }) };
  },
  beforeLoad: ({ context, search }) => {
    if (context.session.setup) throw redirect({ to: "/sign-up", search: back(search) });
    if (!isGuest(context.session)) throw redirect({ to: search.next ?? "/", replace: true });
  },
  component: lazyRouteComponent(() => import("../features/auth/sign-in.page.tsx"), "SignInPage"),
});

const secondFactor = createRoute({
  getParentRoute: () => root,
  path: "/sign-in/second-factor",
  validateSearch: back,
  component: lazyRouteComponent(() => import("../features/auth/second-factor.page.tsx"), "SecondFactorPage"),
});

const forgot = createRoute({
  getParentRoute: () => root,
  path: "/forgot-password",
  component: lazyRouteComponent(() => import("../features/auth/forgot.page.tsx"), "ForgotPage"),
});

const reset = createRoute({
  getParentRoute: () => root,
  path: "/reset-password",
  component: lazyRouteComponent(() => import("../features/auth/reset.page.tsx"), "ResetPage"),
});

const verify = createRoute({
  getParentRoute: () => root,
  path: "/verify-email",
  component: lazyRouteComponent(() => import("../features/auth/verify.page.tsx"), "VerifyPage"),
});

const signUp = createRoute({
  getParentRoute: () => root,
  path: "/sign-up",
  validateSearch: back,
  beforeLoad: ({ context, search }) => {
    if (!isGuest(context.session)) throw redirect({ to: search.next ?? "/", replace: true });
  },
  component: lazyRouteComponent(() => import("../features/auth/sign-up.page.tsx"), "SignUpPage"),
});

const invite = createRoute({
  getParentRoute: () => root,
  path: "/invite/$token",
  component: lazyRouteComponent(() => import("../features/invites/invites.page.tsx"), "InvitePage"),
});

const streamerInvite = createRoute({
  getParentRoute: () => root,
  path: "/streamers/invite/$token",
  component: lazyRouteComponent(
    () => import("../features/streamer-invites/streamer-invite.page.tsx"),
    "StreamerInvitePage",
  ),
});

const shell = createRoute({
  getParentRoute: () => root,
  id: "shell",
  beforeLoad: ({ context, location }) => {
    if (mayEnter(context.session)) return;
    const next = location.pathname === "/" ? {} : { next: location.href };
    throw redirect({ to: context.session.setup ? "/sign-up" : "/sign-in", search: next });
  },
  component: lazyRouteComponent(() => import("../features/shell/shell.layout.tsx"), "ShellLayout"),
});

/** Pages for people with an account: guests are asked to sign in and come back. */
const accountOnly = ({
  context,
  location,
}: {
  context: { session: Parameters<typeof isGuest>[0] };
  location: { href: string };
}) => {
  if (isGuest(context.session)) throw redirect({ to: "/sign-in", search: { next: location.href } });
};

const home = createRoute({
  getParentRoute: () => shell,
  path: "/",
  component: lazyRouteComponent(() => import("../features/rooms/home.page.tsx"), "HomePage"),
});

const room = createRoute({
  getParentRoute: () => shell,
  path: "/rooms/$roomId",
  validateSearch: (search: Record<string, unknown>): { message?: string } =>
    typeof search["message"] === "string" ? { message: search["message"] } : {},
  component: lazyRouteComponent(() => import("../features/room/room.page.tsx"), "RoomPage"),
});

const search = createRoute({
  getParentRoute: () => shell,
  path: "/search",
  validateSearch: (search: Record<string, unknown>): { q?: string; roomId?: string; from?: string } => ({
    ...(typeof search["q"] === "string" ? { q: search["q"] } : {}),
    ...(typeof search["roomId"] === "string" ? { roomId: search["roomId"] } : {}),
    ...(typeof search["from"] === "string" ? { from: search["from"] } : {}),
  }),
  beforeLoad: accountOnly,
  component: lazyRouteComponent(() => import("../features/search/search.page.tsx"), "SearchPage"),
});

const settings = createRoute({
  getParentRoute: () => shell,
  path: "/settings/$",
  validateSearch: (search: Record<string, unknown>): { linked?: string } =>
    typeof search["linked"] === "string" ? { linked: search["linked"] } : {},
  beforeLoad: accountOnly,
  component: lazyRouteComponent(() => import("../features/settings/settings.page.tsx"), "SettingsPage"),
});

const admin = createRoute({
  getParentRoute: () => shell,
  path: "/admin/$",
  beforeLoad: accountOnly,
  component: lazyRouteComponent(() => import("../features/admin/admin.page.tsx"), "AdminPage"),
});

interface AlertsSearch {
  destinationId?: string;
  streamerId?: string;
  state?: string;
  days?: number;
}

const alertServers = createRoute({
  getParentRoute: () => shell,
  path: "/alerts",
  beforeLoad: accountOnly,
  component: lazyRouteComponent(() => import("../features/alerts/servers.page.tsx"), "ServersPage"),
});

const alerts = createRoute({
  getParentRoute: () => shell,
  path: "/alerts/$guildId/$",
  // Which template is edited, and which deliveries are shown; each section reads its own.
  validateSearch: (search: Record<string, unknown>): AlertsSearch => ({
    ...(typeof search["destinationId"] === "string" ? { destinationId: search["destinationId"] } : {}),
    ...(typeof search["streamerId"] === "string" ? { streamerId: search["streamerId"] } : {}),
    ...(typeof search["state"] === "string" ? { state: search["state"] } : {}),
    ...(typeof search["days"] === "number" ? { days: search["days"] } : {}),
  }),
  beforeLoad: accountOnly,
  component: lazyRouteComponent(() => import("../features/alerts/guild.page.tsx"), "GuildPage"),
});

const tree = root.addChildren([
  signIn,
  secondFactor,
  forgot,
  reset,
  verify,
  signUp,
  invite,
  streamerInvite,
  shell.addChildren([home, room, search, settings, admin, alertServers, alerts]),
]);

/** The app's router. Every page but the frame around it is loaded on demand. */
export function createAppRouter(context: RouterContext) {
  return createRouter({
    routeTree: tree,
    context,
    defaultPreload: "intent",
    defaultPendingMs: 300,
    defaultPendingComponent: LoadingState,
    defaultErrorComponent: CrashPage,
    scrollRestoration: false,
  });
}

export type AppRouter = ReturnType<typeof createAppRouter>;

declare module "@tanstack/react-router" {
  interface Register {
    router: AppRouter;
  }
}
