import { endpoints } from "@foyer/protocol";
import { routes } from "@foyer/protocol/routes";
import { expect, test } from "vitest";
import { FoyerError } from "../../src/index.ts";
import { serverAndClient } from "../support/connected.ts";

test("every operation of the protocol has its function, and the light table says the same as the full one", async () => {
  const { client } = await serverAndClient();
  expect(Object.keys(client.api).sort()).toEqual(Object.keys(endpoints).sort());
  for (const [name, endpoint] of Object.entries(endpoints)) {
    const { method, path, status } = endpoint;
    expect(routes[name as keyof typeof routes]).toEqual({ method, path, status });
  }
});

test("fills the path, the query and the body", async () => {
  const seen: { url: string; init: RequestInit | undefined }[] = [];
  const fetcher: typeof fetch = async (url, init) => {
    seen.push({ url: String(url), init });
    return Response.json({ items: [] });
  };
  const { client, server } = await serverAndClient({ token: "secret", fetch: fetcher });
  await client.api.listMembers({ params: { roomId: "a/b c" }, query: { q: "é&", limit: 5 } });
  expect(seen[0]?.url).toBe(`${server.url}/api/rooms/a%2Fb%20c/members?q=%C3%A9%26&limit=5`);
  expect(seen[0]?.init).toMatchObject({ method: "GET", headers: { authorization: "Bearer secret" } });
  await client.api.pinMessage({ params: { roomId: "r", messageId: "m" }, body: { on: true } });
  expect(seen[1]?.init).toMatchObject({ method: "PUT", body: '{"on":true}' });
});

test("errors carry the server's code, status and fields", async () => {
  const { client, server } = await serverAndClient();
  const errors = [{ path: "handle", message: "is too short" }];
  const problem = { code: "request.invalid", title: "wrong", detail: "The handle is too short.", errors };
  server.http = () => ({ status: 400, body: problem });
  const error = await client.api.listRooms().catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(FoyerError);
  expect(error).toMatchObject({ code: "request.invalid", status: 400, message: problem.detail, fields: errors });
  server.http = () => ({ status: 429, body: {}, headers: { "retry-after": "12" } });
  await expect(client.api.listRooms()).rejects.toMatchObject({ code: "rate.limited", retryAfter: 12 });
  server.http = () => ({ status: 204, body: {} });
  expect(await client.api.logout()).toBeUndefined();
});

test("a file comes with its name, whole or not at all, and takes as long as it takes", async () => {
  const headers = { "content-disposition": 'attachment; filename="foyer-2026-11-03.vault"' };
  const pieces = Promise.withResolvers<void>();
  const content = (breaks: boolean) =>
    new ReadableStream<Uint8Array>({
      async start(controller) {
        controller.enqueue(new TextEncoder().encode("first line\n"));
        await pieces.promise;
        if (breaks) throw new Error("the connection is gone");
        controller.enqueue(new TextEncoder().encode("last line\n"));
        controller.close();
      },
    });
  let breaks = false;
  const seen: (RequestInit | undefined)[] = [];
  const fetcher: typeof fetch = async (_, init) => {
    seen.push(init);
    return new Response(content(breaks), { headers });
  };
  const { client } = await serverAndClient({ fetch: fetcher, requestTimeoutMs: 5 });
  const taking = client.api.exportVault({ body: { passphrase: "nine lamps over the stairs" } });
  // Longer than an answer may take to begin.
  setTimeout(pieces.resolve, 50);
  const file = await taking;
  expect([file.name, await file.content.text()]).toEqual(["foyer-2026-11-03.vault", "first line\nlast line\n"]);
  expect(seen[0]).toMatchObject({ method: "POST", body: '{"passphrase":"nine lamps over the stairs"}' });
  expect(seen[0]?.signal?.aborted).toBe(false);
  breaks = true;
  await expect(client.api.exportAccount()).rejects.toMatchObject({ code: "network.failed" });
});

test("an error may say which address to open instead", async () => {
  const { client, server } = await serverAndClient();
  const url = "http://localhost:3000/settings/sign-in";
  server.http = () => ({ status: 409, body: { code: "link.other_address", title: "elsewhere", url } });
  await expect(client.api.startLink({ params: { provider: "twitch" }, body: {} })).rejects.toMatchObject({
    code: "link.other_address",
    url,
  });
});

test("tells a time-out, an abort and an unreachable server apart", async () => {
  const never: typeof fetch = (_, init) =>
    new Promise((_resolve, reject) => init?.signal?.addEventListener("abort", () => reject(init.signal?.reason)));
  const { client } = await serverAndClient({ fetch: never, requestTimeoutMs: 30 });
  await expect(client.api.health()).rejects.toMatchObject({ code: "request.timeout" });
  await expect(client.api.health({ signal: AbortSignal.timeout(1) })).rejects.toMatchObject({
    code: "request.aborted",
  });
  const { client: lonely } = await serverAndClient({ url: "http://127.0.0.1:9" });
  await expect(lonely.api.health()).rejects.toMatchObject({ code: "network.failed" });
});

test("a refused call is made once more after what `recover` did about it, and only then", async () => {
  const asked: FoyerError[] = [];
  let answer = true;
  const recover = async (error: FoyerError) => {
    asked.push(error);
    return answer;
  };
  const { client, server } = await serverAndClient({ recover });
  const refusal = { code: "auth.step_up_required", title: "again", methods: ["totp", "recovery_code"] };
  let left = 1;
  let calls = 0;
  server.http = () => {
    calls += 1;
    left -= 1;
    return left < 0 ? { status: 204, body: {} } : { status: 403, body: refusal };
  };
  expect(await client.api.logout()).toBeUndefined();
  expect(calls).toBe(2);
  expect(asked[0]).toMatchObject({ code: "auth.step_up_required", methods: ["totp", "recovery_code"] });
  left = 5;
  await expect(client.api.logout()).rejects.toMatchObject({ code: "auth.step_up_required" });
  expect(calls).toBe(4);
  answer = false;
  await expect(client.api.logout()).rejects.toMatchObject({ code: "auth.step_up_required" });
  expect(calls).toBe(5);
});

test("a sign-in that asks for more says by what and how to go on", async () => {
  const { client, server } = await serverAndClient();
  const more = { code: "auth.second_factor_required", title: "more", methods: ["passkey"], pending: "p-1" };
  server.http = () => ({ status: 401, body: more });
  await expect(client.api.login({ body: { login: "ada", password: "x" } })).rejects.toMatchObject({
    code: "auth.second_factor_required",
    methods: ["passkey"],
    pending: "p-1",
  });
});
