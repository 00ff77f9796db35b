import { createHmac } from "node:crypto";
import { afterAll, afterEach, expect, test } from "vitest";
import { startReceiver } from "./index.ts";

const receiver = await startReceiver({ redirectTo: "http://127.0.0.1:1/secret" });
afterAll(() => receiver.close());
afterEach(() => receiver.clearFaults());
const key = Buffer.from("0123456789abcdef0123456789abcdef");
receiver.expect("foyer", `whsec_${key.toString("base64")}`);

async function post(body: string, change: Record<string, string> = {}, name = "foyer") {
  const [id, timestamp] = ["msg_1", String(Math.floor(Date.now() / 1000))];
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  const headers = {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": `v1a,ignored v1,${signature}`,
    ...change,
  };
  return (await fetch(receiver.address(name), { method: "POST", body, headers, redirect: "manual" })).status;
}

test("a good signature is taken; another body, another time and another name are not", async () => {
  expect(await post('{"type":"stream.online"}')).toBe(204);
  expect(receiver.taken("foyer")).toMatchObject([{ id: "msg_1", body: { type: "stream.online" } }]);
  expect(await post("{}", { "webhook-signature": `v1,${Buffer.alloc(32).toString("base64")}` })).toBe(401);
  expect(await post("{}", { "webhook-timestamp": "1000" })).toBe(401);
  expect(await post("{}", { "webhook-id": "" })).toBe(401);
  expect(await post("{}", {}, "somebody")).toBe(401);
  expect(receiver.refused().map(({ problem }) => problem)).toEqual(["signature", "timestamp", "headers", "no_secret"]);
  expect(receiver.taken()).toHaveLength(1);
});

test("it fails as it is told, also after it has taken something", async () => {
  receiver.fault({ kind: "redirect", operation: "hook", times: 1 });
  expect(await post("{}")).toBe(302);
  receiver.fault({ kind: "error", status: 503, times: 1, after: true });
  expect(await post('{"taken":true}')).toBe(503);
  expect(receiver.taken().at(-1)?.body).toEqual({ taken: true });
});
