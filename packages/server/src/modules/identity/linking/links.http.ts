import type { AccessToken, PermissionLevel } from "@foyer/protocol";
import { permissionLevels, signInProviders } from "@foyer/protocol";
import { isoTime } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { HttpContext, HttpFace } from "../../../transports/http/index.ts";
import type { OwnAccount } from "../accounts/own.account.ts";
import type { StepUp } from "../factors/step.up.ts";
import type { FlowCookie } from "./flows/flow.cookie.ts";
import type { FlowWishes } from "./flows/flow.ts";
import { safeReturnPath } from "./flows/return.path.ts";
import type { Departure, OutsideFlow } from "./outside.flow.ts";
import type { OwnLinks } from "./own.links.ts";
import { underName } from "./pages/same.machine.ts";
import type { LevelScopes } from "./permission.levels.ts";
import { type Providers, providerNames, signInPath } from "./providers.ts";

export interface LinksHttpDeps {
  providers: Providers;
  links: OwnLinks;
  flow: OutsideFlow;
  cookie: FlowCookie;
  ownAccount: Pick<OwnAccount, "get">;
  registration: "open" | "closed";
  /** Adding a way to sign in, or taking one away, is a dangerous act. */
  stepUp: Pick<StepUp, "require" | "until">;
}

/** Mounts what people do with their links, and what the server says about signing in from outside. */
export function mountLinks(http: HttpFace, deps: LinksHttpDeps): void {
  const { providers, links, cookie } = deps;

  /**
   * Under another name of this machine the browser has another session, or none: the provider would send it back to
   * where nobody has begun anything. A sign-in can move there by itself, a link cannot: nothing may carry it over that
   * somebody else could have made up.
   */
  function refuseOtherAddress(request: Request, provider: AccessToken["provider"], wishes: FlowWishes): void {
    const better = underName(request.url, providers.redirectUri(provider));
    if (better === undefined) return;
    const url = new URL(wishes.startedFrom ?? wishes.returnTo ?? "/", better).href;
    throw new AppError(
      "link.other_address",
      `${providerNames[provider]} sends you back to ${new URL(url).origin}, and this page is at another address. Open ${url}, sign in there, and link it there.`,
      { details: { url } },
    );
  }

  async function depart(
    context: Pick<HttpContext, "account" | "setCookie" | "request">,
    provider: AccessToken["provider"],
    wishes: FlowWishes,
  ) {
    const caller = context.account();
    const { accountId, sessionId, role } = caller;
    if (role === "guest") throw new AppError("auth.forbidden", "Guests have nothing to link. Make an account first.");
    refuseOtherAddress(context.request, provider, wishes);
    const { items } = await links.list(accountId);
    // A new way in is worth as much to a thief as a password; one that is there already can only be renewed.
    if (!items.some((link) => link.provider === provider)) await deps.stepUp.require(caller);
    const proven = deps.stepUp.until(caller) !== null;
    const departure: Departure = await deps.flow.depart(provider, "link", { accountId, sessionId, proven }, wishes);
    context.setCookie(cookie.set(departure.state, departure.sealed));
    return { url: departure.url, expiresAt: isoTime(departure.expiresAt) };
  }

  http.mount("listProviders", async () => ({
    items: providers.all().map(({ provider, name, levels }) => ({
      provider,
      name,
      signInUrl: signInPath(provider),
      ...(levels === undefined ? {} : { permissionLevels: [...permissionLevels], levelScopes: scopesOf(levels) }),
    })),
  }));

  http.mount("authStatus", async () => ({
    configured: providers.all().length > 0,
    providers: signInProviders.map((provider) => ({
      provider,
      name: providers.named(provider)?.name ?? providerNames[provider],
      configured: providers.named(provider) !== undefined,
      signInUrl: signInPath(provider),
      redirectUri: providers.redirectUri(provider),
    })),
    permissionLevels: [...permissionLevels] as PermissionLevel[],
    registration: deps.registration,
  }));

  http.mount("authMe", async ({ account }) => {
    const caller = account();
    const [whole, { items }, permissionLevel] = await Promise.all([
      deps.ownAccount.get(caller.accountId),
      links.list(caller.accountId),
      links.permissionLevel(caller.accountId),
    ]);
    const expiresAt = isoTime(caller.expiresAt);
    return { account: whole, sessionId: caller.sessionId, expiresAt, permissionLevel, links: items };
  });

  http.mount("listLinks", ({ account }) => links.list(account().accountId));
  http.mount("unlink", async ({ account, params }) => {
    const caller = account();
    await deps.stepUp.require(caller);
    await links.unlink(caller, params.provider);
  });
  http.mount("startLink", (context) =>
    depart(context, context.params.provider, {
      level: context.body.permissionLevel,
      ...waysOf(context.body),
    }),
  );

  http.mount("setPermissionLevel", async (context) => {
    const { params, body } = context;
    const { link, needsGrant } = await links.setLevel(context.account(), params.provider, body.permissionLevel);
    if (!needsGrant) return { link };
    const wishes = { level: body.permissionLevel, ...waysOf(body) };
    return { link, authorize: await depart(context, params.provider, wishes) };
  });
}

const scopesOf = (levels: LevelScopes) =>
  Object.fromEntries(permissionLevels.map((level) => [level, [...levels[level]]])) as Record<PermissionLevel, string[]>;

function waysOf(body: { returnTo?: string | undefined; startedFrom?: string | undefined }) {
  return { returnTo: safeReturnPath(body.returnTo) ?? "/settings", startedFrom: safeReturnPath(body.startedFrom) };
}
