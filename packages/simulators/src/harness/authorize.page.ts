import type { Context, Hono } from "hono";
import type { Calls } from "./calls.ts";
import type { Codes } from "./codes.ts";
import type { Faults } from "./faults.ts";
import { escaped, htmlPage, plainStyle } from "./html.ts";

/** Somebody with an account at the simulated provider. */
export interface Person {
  id: string;
  login: string;
  displayName: string;
}

/** An application that may send people here. Without `redirectUris` it may send them back to anywhere. */
export interface Client {
  clientId: string;
  clientSecret: string;
  redirectUris?: readonly string[] | undefined;
}

/** Who sits in front of the browser: nobody in particular (a page asks), a person by login, or `declines`, who says no. */
export interface Visitor {
  login: string | undefined;
}

export interface AuthorizeDeps {
  /** What the provider is called on its page. */
  name: string;
  paths: readonly string[];
  people: readonly Person[];
  visitor: Visitor;
  clients: ReadonlyMap<string, Client>;
  codes: Codes;
  faults: Faults;
  calls: Calls;
  /** Sent back as `iss` (RFC 9207), where the provider does so. Asked for each answer. */
  issuer?: (() => string) | undefined;
  requirePkce: boolean;
}

/**
 * Mounts the page on which a person chooses who they are and whether they allow it. `person=<login>` in the address
 * answers at once, `person=declines` says no. Fault kinds of the operation `authorize`: `wrong_state`, `wrong_iss`,
 * `server_error`, `error` (500), `slow`, `disconnect`.
 */
export function mountAuthorize(app: Hono, deps: AuthorizeDeps): void {
  const { codes, faults, calls, people, visitor } = deps;

  /** Why the request cannot even be answered by sending the person back. */
  function refusal(query: URLSearchParams, client: Client | undefined): string | undefined {
    const redirectUri = query.get("redirect_uri") ?? "";
    if (client === undefined) return "invalid client";
    if (!URL.canParse(redirectUri)) return "redirect_uri is missing";
    if (client.redirectUris !== undefined && !client.redirectUris.includes(redirectUri)) {
      return "redirect_uri is not registered";
    }
    if (query.get("response_type") !== "code") return "response_type must be code";
    if (deps.requirePkce && query.get("code_challenge") === null) return "code_challenge is missing";
    const method = query.get("code_challenge_method") ?? "S256";
    return query.get("code_challenge") !== null && method !== "S256" ? "code_challenge_method must be S256" : undefined;
  }

  function answer(query: URLSearchParams, login: string, fault: string | undefined): Response {
    const back = new URL(query.get("redirect_uri") ?? "");
    const person = people.find((each) => each.login === login);
    const state = fault === "wrong_state" ? "somebody-else" : query.get("state");
    if (state !== null) back.searchParams.set("state", state);
    const issuer = fault === "wrong_iss" ? "https://somebody-else.example" : deps.issuer?.();
    if (issuer !== undefined) back.searchParams.set("iss", issuer);
    if (fault === "server_error" || person === undefined) {
      back.searchParams.set("error", fault ?? "access_denied");
      back.searchParams.set("error_description", "The user denied you access");
      return redirect(back);
    }
    const scopes = (query.get("scope") ?? "").split(" ").filter((scope) => scope !== "");
    const code = codes.issue({
      clientId: query.get("client_id") ?? "",
      redirectUri: query.get("redirect_uri") ?? "",
      personId: person.id,
      scopes,
      challenge: query.get("code_challenge") ?? undefined,
      nonce: query.get("nonce") ?? undefined,
    });
    back.searchParams.set("code", code);
    if (scopes.length > 0) back.searchParams.set("scope", scopes.join(" "));
    return redirect(back);
  }

  async function authorize(context: Context): Promise<Response> {
    const url = new URL(context.req.url);
    const query = url.searchParams;
    calls.count("authorize");
    const fault = await faults.meet("authorize", "before");
    if (fault === "error") return context.text("internal error", 500);
    const wrong = refusal(query, deps.clients.get(query.get("client_id") ?? ""));
    if (wrong !== undefined) return context.json({ status: 400, message: wrong }, 400);
    const login = query.get("person") ?? visitor.login;
    return login === undefined ? context.html(pageOf(deps, query, url.pathname)) : answer(query, login, fault);
  }

  for (const path of deps.paths) app.get(path, authorize);
  app.put("/_simulator/visitor", async (context) => {
    visitor.login = (await context.req.json<{ login?: string }>()).login;
    return context.body(null, 204);
  });
}

const redirect = (to: URL) => new Response(null, { status: 302, headers: { location: to.href } });

function pageOf({ name, people }: AuthorizeDeps, query: URLSearchParams, path: string): string {
  const link = (person: string) => {
    const to = new URLSearchParams(query);
    to.set("person", person);
    return escaped(`${path}?${to}`);
  };
  const choices = people.map(
    ({ login, displayName }) =>
      `<li><a class="choice" href="${link(login)}">Allow as ${escaped(displayName)} (${escaped(login)})</a></li>`,
  );
  return htmlPage({
    title: `${name} (simulated)`,
    style: plainStyle,
    body: `<h1>${escaped(name)} (simulated)</h1>
<p>An application asks for: <code>${escaped(query.get("scope") ?? "")}</code></p>
<ul>${choices.join("")}</ul>
<p><a href="${link("declines")}">Do not allow it</a></p>`,
  });
}
