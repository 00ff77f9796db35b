import { type AccessToken, signInProviders } from "@foyer/protocol";
import type { Logger } from "pino";
import { type Clock, isoTime } from "../../../../platform/clock/clock.ts";
import { AppError } from "../../../../platform/errors/app.error.ts";
import { type HttpFace, type PageContext, problemResponse, toProblem } from "../../../../transports/http/index.ts";
import { accountOf } from "../../accounts/account.view.ts";
import type { Visit } from "../../identity.types.ts";
import { deviceName } from "../../sessions/device.name.ts";
import type { Sessions } from "../../sessions/sessions.ts";
import type { SignInLimits } from "../../sessions/sign.in.limits.ts";
import type { FlowCookie } from "../flows/flow.cookie.ts";
import { goodWishesOf, wishesOf } from "../flows/flow.wishes.ts";
import type { OutsideFlow } from "../outside.flow.ts";
import type { OwnLinks } from "../own.links.ts";
import { callbackPaths, type Providers, providerNames, signInPath } from "../providers.ts";
import { prefersPage } from "./accepted.type.ts";
import type { Intent } from "./failure.ways.ts";
import { failureOf } from "./failure.words.ts";
import type { Html } from "./html.ts";
import { underName } from "./same.machine.ts";
import { assetPaths, failurePage, pageScript, pageStyle, tokenPage } from "./sign.in.html.ts";

export interface SignInPagesDeps {
  providers: Pick<Providers, "redirectUri">;
  flow: OutsideFlow;
  cookie: FlowCookie;
  sessions: Sessions;
  limits: Pick<SignInLimits, "admitAddress">;
  links: Pick<OwnLinks, "permissionLevel">;
  clock: Clock;
  log: Logger;
  /** Life of the token that a sign-in shows, in seconds. */
  tokenSeconds: number;
}

type ProviderName = AccessToken["provider"];
/** What somebody wanted whose request has failed. */
type IntentOf = (request: Request, provider: ProviderName) => Promise<Intent | undefined>;
type Arrived = Awaited<ReturnType<OutsideFlow["comeBack"]>>;

/** Mounts the addresses that people are sent to and come back to, and what their pages need. */
export function mountSignInPages(http: HttpFace, deps: SignInPagesDeps): void {
  const { flow, cookie, sessions } = deps;

  async function depart({ caller, request, addressHash, setCookie }: PageContext, provider: ProviderName) {
    const better = underName(request.url, deps.providers.redirectUri(provider));
    if (better !== undefined) return redirect(302, better);
    await deps.limits.admitAddress(addressHash);
    // Signing in, never linking: a page of elsewhere can send a visitor here.
    const session = caller.kind === "account" ? sessionOf(caller) : undefined;
    const departure = await flow.depart(provider, "sign_in", session, wishesOf(new URL(request.url).searchParams));
    setCookie(cookie.set(departure.state, departure.sealed));
    return redirect(302, departure.url);
  }

  async function comeBack(context: PageContext, provider: ProviderName): Promise<Response> {
    const { request, addressHash, place, setCookie } = context;
    const { search } = new URL(request.url);
    const cookies = request.headers.get("cookie");
    const arrived = await flow.comeBack(provider, search, (state) => cookie.read(cookies, state));
    // Not before: an answer that somebody made up must not take the cookie of a good one away.
    setCookie(cookie.clear(arrived.flow.state));
    const device = deviceName(request.headers.get("user-agent"));
    const isPerson = prefersPage(request.headers.get("accept"));
    // A second factor stands behind every way in, or the weakest link would be the way in.
    if (arrived.held !== undefined) {
      if (isPerson) return redirect(303, secondFactorPath(arrived.held, arrived.flow.returnTo));
      throw arrived.held;
    }
    if (!isPerson) return program(arrived, { addressHash, place, device });
    // The session that the visitor came with ends, whoever's it was: nothing that was known before is good after.
    const visit: Visit = { addressHash, place, device, proven: arrived.proven, replaces: arrived.flow.session };
    const grant = await sessions.open(arrived.account, visit);
    // For as long as using the session can make it last: when it really ends the server says.
    context.setSession(grant.token, grant.endsAt);
    if (arrived.flow.returnTo !== undefined) return redirect(303, arrived.flow.returnTo);
    const shown = await tokenFor(arrived, { addressHash, place, device: `Token from ${providerNames[provider]}` });
    return page(
      200,
      tokenPage({ ...shown, name: arrived.account.displayName, isNew: arrived.outcome === "signed_up" }),
    );
  }

  /** A token with a session of its own: it can be ended without signing the browser out, and the other way round. */
  async function tokenFor({ account, flow: { provider } }: Arrived, visit: Visit) {
    const grant = await sessions.open(account, visit, deps.tokenSeconds);
    return {
      token: grant.token,
      expiresAt: isoTime(grant.expiresAt),
      provider: providerNames[provider],
      permissionLevel: await deps.links.permissionLevel(account.id),
      expiresIn: Math.floor((grant.expiresAt - deps.clock.now()) / 1000),
    };
  }

  async function program(arrived: Arrived, visit: Visit): Promise<Response> {
    const { token, expiresAt, expiresIn, permissionLevel } = await tokenFor(arrived, visit);
    const { provider } = arrived.flow;
    const account = accountOf(arrived.account);
    const body: AccessToken = { token, tokenType: "Bearer", expiresIn, expiresAt, account, provider, permissionLevel };
    return new Response(JSON.stringify(body), {
      headers: { "content-type": "application/json", "cache-control": "no-store" },
    });
  }

  async function failed(
    error: unknown,
    { request, requestId }: Pick<PageContext, "request" | "requestId">,
    provider: ProviderName,
    intentOf: IntentOf,
  ) {
    const problem = toProblem(error);
    if (!(error instanceof AppError))
      deps.log.error({ err: error, requestId, provider }, "A sign-in failed by a defect");
    if (!prefersPage(request.headers.get("accept"))) return problemResponse(problem);
    const home = new URL(deps.providers.redirectUri(provider)).origin;
    const words = failureOf(problem, { provider, intent: await intentOf(request, provider), home });
    const response = page(problem.status, failurePage({ ...words, requestId }));
    if (problem.retryAfter !== undefined) response.headers.set("retry-after", String(problem.retryAfter));
    return response;
  }

  /** Whoever is on the way out signs in: links begin elsewhere. */
  const departing: IntentOf = async ({ url }) => ({ mode: "sign_in", ...goodWishesOf(new URL(url).searchParams) });
  /** The page itself cannot know: the session does not come along from the provider's site. The flow does. */
  const arriving: IntentOf = (request, provider) =>
    flow.begun(provider, new URL(request.url).search, (state) => cookie.read(request.headers.get("cookie"), state));

  for (const provider of signInProviders) {
    const handler = (
      answer: (context: PageContext, provider: ProviderName) => Promise<Response>,
      intentOf: IntentOf,
    ) => ({
      answer: (context: PageContext) => answer(context, provider),
      failed: (error: unknown, context: Pick<PageContext, "request" | "requestId">) =>
        failed(error, context, provider, intentOf),
    });
    http.page(signInPath(provider), handler(depart, departing));
    for (const path of callbackPaths[provider]) http.page(path, handler(comeBack, arriving));
  }
  http.page(assetPaths.style, asset("text/css", pageStyle));
  http.page(assetPaths.script, asset("text/javascript", pageScript));
}

const sessionOf = ({ accountId, sessionId }: { accountId: string; sessionId: string }) => ({ accountId, sessionId });

/**
 * The page that asks for the second factor. What it needs is behind the `#`: browsers send that to nobody, and it
 * stands in no log.
 */
function secondFactorPath({ details }: AppError, returnTo: string | undefined): string {
  const needed = new URLSearchParams({ pending: details?.pending ?? "", methods: (details?.methods ?? []).join(",") });
  const next = returnTo === undefined ? "" : `?${new URLSearchParams({ next: returnTo })}`;
  return `/sign-in/second-factor${next}#${needed}`;
}

function redirect(status: 302 | 303, location: string): Response {
  return new Response(null, { status, headers: { location, "cache-control": "no-store" } });
}

function page(status: number, { source }: Html): Response {
  return new Response(source, {
    status,
    headers: { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" },
  });
}

function asset(type: string, text: string) {
  return {
    answer: async () =>
      new Response(text, { headers: { "content-type": `${type}; charset=utf-8`, "cache-control": "max-age=300" } }),
    failed: (error: unknown) => problemResponse(toProblem(error)),
  };
}
