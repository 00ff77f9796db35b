import { afterAll, expect, test } from "vitest";
import { startKms } from "./index.ts";

const kms = await startKms({ keys: ["alias/one"] });
afterAll(() => kms.close());

async function post(target: string, headers: Record<string, string> = {}) {
  const response = await fetch(kms.url, {
    method: "POST",
    headers: { "content-type": "application/x-amz-json-1.1", "x-amz-target": target, ...headers },
    body: "{}",
  });
  return { status: response.status, body: (await response.json()) as { __type: string } };
}

test("an unsigned request, a stranger's and one that is signed wrongly are refused", async () => {
  expect(await post("TrentService.DescribeKey")).toMatchObject({
    status: 400,
    body: { __type: "MissingAuthenticationTokenException" },
  });
  const sign = (id: string) =>
    `AWS4-HMAC-SHA256 Credential=${id}/20261120/us-east-1/kms/aws4_request, SignedHeaders=host;x-amz-date, Signature=${"0".repeat(64)}`;
  const refused = async (id: string) =>
    (await post("TrentService.DescribeKey", { authorization: sign(id) })).body.__type;
  expect(await refused("SOMEBODY")).toBe("UnrecognizedClientException");
  expect(await refused(kms.credentials.accessKeyId)).toBe("InvalidSignatureException");
  expect(kms.calls.of()).toBe(0);
});
