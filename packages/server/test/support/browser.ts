/** A person's browser, as far as signing in goes: it keeps cookies by their rules and shows where it is sent. */
export interface Browser {
  /** Opens an address by typing it or by a link of another site: strict cookies stay at home. */
  visit(url: string, options?: VisitOptions): Promise<Visit>;
  /** What a page of `origin` sends: JSON with the cookies that the browser lets it have. */
  send(method: string, url: string, body?: unknown, options?: { origin?: string }): Promise<Visit>;
  cookies(): ReadonlyMap<string, Cookie>;
  /** Puts a cookie in, as somebody does who has stolen it. */
  plant(name: string, value: string): void;
}

export interface Cookie {
  value: string;
  attributes: string;
}

export interface VisitOptions {
  accept?: string;
  /** True: from a page of the server itself, so that strict cookies come along. */
  sameSite?: boolean;
}

export interface Visit {
  status: number;
  headers: Headers;
  location: string | undefined;
  text: string;
  /** The body as JSON; its shape is what the test says it is: each asks for the fields of its operation. */
  json: Answer;
}

/** The fields that answers of signing in have, each some of them. */
export interface Answer {
  code: string;
  token: string;
  expiresAt: string;
  url: string;
  secret: string;
  sessionId: string;
  account: { accountId: string; handle: string; role: string; displayName: string; email?: string };
  items: { device?: string; sessionId?: string; [field: string]: unknown }[];
  providers: { provider: string; [field: string]: unknown }[];
  link: { permissionLevel?: string; [field: string]: unknown };
  authorize?: { url: string };
  permissionLevel: string | null;
  recoveryCodes: string[];
  links: { provider: string; [field: string]: unknown }[];
}

export const HTML = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";

/** A browser without cookies. Cookies are kept for `home` alone, the server's own address. */
export function createBrowser(home: string): Browser {
  const jar = new Map<string, Cookie>();

  function cookieHeader(url: string, strict: boolean): Record<string, string> {
    if (new URL(url).origin !== home) return {};
    const sent = [...jar].filter(([, { attributes }]) => strict || !/samesite=strict/i.test(attributes));
    return sent.length === 0 ? {} : { cookie: sent.map(([name, { value }]) => `${name}=${value}`).join("; ") };
  }

  async function ask(url: string, init: RequestInit): Promise<Visit> {
    const response = await fetch(url, { ...init, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      const [pair = "", ...attributes] = line.split(";");
      const at = pair.indexOf("=");
      const name = pair.slice(0, at);
      if (/max-age=0\b/i.test(line)) jar.delete(name);
      else jar.set(name, { value: pair.slice(at + 1), attributes: attributes.join(";") });
    }
    const text = await response.text();
    const isJson = (response.headers.get("content-type") ?? "").includes("json");
    return {
      status: response.status,
      headers: response.headers,
      location: response.headers.get("location") ?? undefined,
      text,
      json: (isJson && text !== "" ? JSON.parse(text) : {}) as Answer,
    };
  }

  return {
    visit: (url, { accept = HTML, sameSite = false } = {}) =>
      ask(url, { headers: { accept, ...cookieHeader(url, sameSite) } }),
    send: (method, url, body, { origin = home } = {}) =>
      ask(url, {
        method,
        headers: {
          origin,
          accept: "application/json",
          ...(body === undefined ? {} : { "content-type": "application/json" }),
          // What a stolen or a foreign page's request carries is the worst case: all of them.
          ...cookieHeader(url, true),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
    cookies: () => jar,
    plant: (name, value) => void jar.set(name, { value, attributes: "" }),
  };
}
