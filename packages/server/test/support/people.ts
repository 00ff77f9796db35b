import type { Account, EndpointName, SignedIn } from "@foyer/protocol";
import { routes } from "@foyer/protocol/routes";

/** Somebody with an account, and what is needed to act as them. */
export interface Person {
  account: Account;
  token: string;
  /** Calls one HTTP operation as this person. `path` fills the `{…}` of its path, in order. */
  call(name: EndpointName, path?: readonly string[], body?: unknown): Promise<Answer>;
}

/** Status and JSON body of an answer; `body` is null for an empty one. */
export interface Answer {
  status: number;
  body: never;
}

/** Calls one HTTP operation, with a token or as nobody. */
export async function callEndpoint(
  origin: string,
  name: EndpointName,
  options: { token?: string; path?: readonly string[]; body?: unknown; query?: string } = {},
): Promise<Answer> {
  const { method, path } = routes[name];
  const values = [...(options.path ?? [])];
  const filled = path.replace(/\{\w+\}/g, () => encodeURIComponent(values.shift() ?? ""));
  const response = await fetch(`${origin}${filled}${options.query ?? ""}`, {
    method,
    headers: {
      ...(options.token === undefined ? {} : { authorization: `Bearer ${options.token}` }),
      ...(options.body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === "" ? null : JSON.parse(text)) as never };
}

/** The password of everybody here. */
export const password = "correct horse battery";

/** Makes an account over HTTP. The first one on a server owns it. */
export async function registerPerson(origin: string, handle: string): Promise<Person> {
  const answer = await callEndpoint(origin, "register", { body: { handle, password } });
  if (answer.status !== 201) throw new Error(`register ${handle}: ${answer.status} ${JSON.stringify(answer.body)}`);
  const { account, token } = answer.body as SignedIn;
  return {
    account,
    token,
    call: (name, path = [], body) => callEndpoint(origin, name, { token, path, body }),
  };
}
