import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { KmsError } from "./kms.errors.ts";

/** The one pair of access keys that the simulator knows. */
export const simulatorCredentials = { accessKeyId: "SIMULATOR", secretAccessKey: "simulator-secret" };

const form =
  /^AWS4-HMAC-SHA256 Credential=(?<id>[^/]+)\/(?<date>\d{8})\/(?<region>[^/]+)\/kms\/aws4_request, ?SignedHeaders=(?<signed>[^,]+), ?Signature=(?<signature>[0-9a-f]{64})$/;

const hash = (text: string) => createHash("sha256").update(text).digest("hex");
const mac = (key: string | Buffer, text: string) => createHmac("sha256", key).update(text).digest();

/** Checks AWS Signature Version 4 of a request to `/`. Throws as KMS does. */
export function checkSignature(request: Request, body: string): void {
  const found = form.exec(request.headers.get("authorization") ?? "")?.groups;
  if (found === undefined) throw new KmsError("MissingAuthenticationTokenException", "Missing Authentication Token");
  const { id = "", date = "", region = "", signed = "", signature = "" } = found;
  if (id !== simulatorCredentials.accessKeyId) {
    throw new KmsError("UnrecognizedClientException", "The security token included in the request is invalid.");
  }
  const names = signed.split(";");
  const headers = names.map((name) => `${name}:${(request.headers.get(name) ?? "").trim().replace(/ +/g, " ")}\n`);
  const canonical = ["POST", "/", "", headers.join(""), signed, hash(body)].join("\n");
  const scope = `${date}/${region}/kms/aws4_request`;
  const text = ["AWS4-HMAC-SHA256", request.headers.get("x-amz-date") ?? "", scope, hash(canonical)].join("\n");
  const key = [region, "kms", "aws4_request"].reduce<Buffer>(
    (before, part) => mac(before, part),
    mac(`AWS4${simulatorCredentials.secretAccessKey}`, date),
  );
  if (!timingSafeEqual(mac(key, text), Buffer.from(signature, "hex"))) {
    throw new KmsError(
      "InvalidSignatureException",
      "The request signature we calculated does not match the signature you provided.",
    );
  }
}
