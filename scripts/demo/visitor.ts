import { createClient, type FoyerClient } from "@foyer/client";

/** Somebody with an account on the demo's server, who acts through its API. */
export interface Visitor {
  accountId: string;
  api: FoyerClient["api"];
  /** Links an outside account: goes to the provider, is `person` there, allows it, and comes back. */
  link(provider: "twitch" | "discord", person: string): Promise<void>;
}

/** The password of everybody in the demo. */
export const password = "doors open at eight";

/** Makes an account. The first on a server owns it. */
export async function register(url: string, handle: string, displayName: string): Promise<Visitor> {
  const nobody = createClient({ url });
  const { account, token } = await nobody.api.register({ body: { handle, displayName, password } });
  nobody.close();
  const { api } = createClient({ url, token });
  return {
    accountId: account.accountId,
    api,
    link: (provider, person) => linkOutside(url, { handle, password }, provider, person),
  };
}

/**
 * Links an outside account as a browser would do it: signs in at `url` (the server's own address), goes to the provider,
 * is `person` there, allows it, and comes back. Throws with what went wrong.
 */
export async function linkOutside(
  url: string,
  { handle, password: secret }: { handle: string; password: string },
  provider: "twitch" | "discord",
  person: string,
): Promise<void> {
  const jar = new Map<string, string>();

  /** Opens an address as a browser of this person does, and gives where it is sent on to. */
  async function open(address: string, init: RequestInit = {}): Promise<Response> {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join("; ");
    const headers = { ...(init.headers as Record<string, string>), ...(cookie === "" ? {} : { cookie }) };
    const isOwn = new URL(address).origin === new URL(url).origin;
    const response = await fetch(address, { ...init, redirect: "manual", headers: isOwn ? headers : {} });
    for (const line of isOwn ? response.headers.getSetCookie() : []) {
      const pair = line.split(";")[0] ?? "";
      const at = pair.indexOf("=");
      jar.set(pair.slice(0, at), pair.slice(at + 1));
    }
    return response;
  }

  const post = (path: string, body: object) =>
    open(`${url}${path}`, {
      method: "POST",
      headers: { "content-type": "application/json", origin: url },
      body: JSON.stringify(body),
    });

  const signedIn = await post("/api/auth/login", { login: handle, password: secret });
  if (!signedIn.ok) throw new Error(`signing in: ${signedIn.status} ${await signedIn.text()}`);
  const started = await post(`/api/auth/links/${provider}`, {});
  if (!started.ok) throw new Error(`linking ${provider}: ${started.status} ${await started.text()}`);
  const to = new URL(((await started.json()) as { url: string }).url);
  to.searchParams.set("person", person);
  const back = (await open(to.href)).headers.get("location");
  if (back === null) throw new Error(`${provider} did not send back`);
  const done = await open(back, { headers: { accept: "text/html" } });
  const landed = done.headers.get("location") ?? "";
  if (done.status >= 400 || landed.includes("error=")) throw new Error(`linking ${provider}: ${done.status} ${landed}`);
}
