import { randomBytes } from "node:crypto";
import { z } from "zod";
import { KmsError } from "./kms.errors.ts";
import type { KmsKeys } from "./kms.keys.ts";

const context = z.record(z.string(), z.string()).default({});
const blob = z.string().transform((text) => Buffer.from(text, "base64"));

/** One operation of KMS: a JSON body in, a JSON body out. Throws KmsError. */
export type Operation = (body: unknown) => object;

function operation<S extends z.ZodType>(schema: S, run: (input: z.output<S>) => object): Operation {
  return (body) => {
    const parsed = schema.safeParse(body);
    if (!parsed.success) throw new KmsError("ValidationException", parsed.error.issues[0]?.message ?? "invalid");
    return run(parsed.data);
  };
}

/** The operations that Foyer and the AWS Encryption SDK use, with the shapes of the wire. Blobs travel in base64. */
export function createOperations(keys: KmsKeys): Record<string, Operation> {
  return {
    GenerateDataKey: operation(
      z.object({
        KeyId: z.string(),
        NumberOfBytes: z.number().int().min(1).max(1024).optional(),
        KeySpec: z.enum(["AES_256", "AES_128"]).optional(),
        EncryptionContext: context,
      }),
      ({ KeyId, NumberOfBytes, KeySpec, EncryptionContext }) => {
        if ((NumberOfBytes === undefined) === (KeySpec === undefined)) {
          throw new KmsError("ValidationException", "Please specify either number of bytes or key spec.");
        }
        const key = keys.find(KeyId);
        const plaintext = randomBytes(NumberOfBytes ?? (KeySpec === "AES_128" ? 16 : 32));
        const wrapped = keys.encrypt(key, plaintext, EncryptionContext);
        return {
          CiphertextBlob: wrapped.toString("base64"),
          Plaintext: plaintext.toString("base64"),
          KeyId: key.arn,
        };
      },
    ),
    Encrypt: operation(
      z.object({ KeyId: z.string(), Plaintext: blob, EncryptionContext: context }),
      ({ KeyId, Plaintext, EncryptionContext }) => {
        if (Plaintext.length === 0 || Plaintext.length > 4096) {
          throw new KmsError("ValidationException", "Plaintext must have 1 to 4096 bytes.");
        }
        const key = keys.find(KeyId);
        return {
          CiphertextBlob: keys.encrypt(key, Plaintext, EncryptionContext).toString("base64"),
          KeyId: key.arn,
          EncryptionAlgorithm: "SYMMETRIC_DEFAULT",
        };
      },
    ),
    Decrypt: operation(
      z.object({ KeyId: z.string().optional(), CiphertextBlob: blob, EncryptionContext: context }),
      ({ KeyId, CiphertextBlob, EncryptionContext }) => {
        const named = KeyId === undefined ? undefined : keys.find(KeyId);
        const { key, plaintext } = keys.decrypt(CiphertextBlob, EncryptionContext);
        if (named !== undefined && named.arn !== key.arn) {
          throw new KmsError(
            "IncorrectKeyException",
            "The key ID in the request does not identify a CMK that can perform this operation.",
          );
        }
        return { Plaintext: plaintext.toString("base64"), KeyId: key.arn, EncryptionAlgorithm: "SYMMETRIC_DEFAULT" };
      },
    ),
    ReEncrypt: operation(
      z.object({
        CiphertextBlob: blob,
        SourceEncryptionContext: context,
        SourceKeyId: z.string().optional(),
        DestinationKeyId: z.string(),
        DestinationEncryptionContext: context,
      }),
      (input) => {
        const { key, plaintext } = keys.decrypt(input.CiphertextBlob, input.SourceEncryptionContext);
        if (input.SourceKeyId !== undefined && keys.find(input.SourceKeyId).arn !== key.arn) {
          throw new KmsError("IncorrectKeyException", "The source key ID does not identify the key of the ciphertext.");
        }
        const to = keys.find(input.DestinationKeyId);
        return {
          CiphertextBlob: keys.encrypt(to, plaintext, input.DestinationEncryptionContext).toString("base64"),
          SourceKeyId: key.arn,
          KeyId: to.arn,
          SourceEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
          DestinationEncryptionAlgorithm: "SYMMETRIC_DEFAULT",
        };
      },
    ),
    DescribeKey: operation(z.object({ KeyId: z.string() }), ({ KeyId }) => {
      const { arn, keyId, state, createdAt } = keys.find(KeyId);
      return {
        KeyMetadata: {
          AWSAccountId: arn.split(":")[4],
          KeyId: keyId,
          Arn: arn,
          CreationDate: createdAt,
          Enabled: state === "Enabled",
          KeyUsage: "ENCRYPT_DECRYPT",
          KeyState: state,
          Origin: "AWS_KMS",
          KeyManager: "CUSTOMER",
          KeySpec: "SYMMETRIC_DEFAULT",
          EncryptionAlgorithms: ["SYMMETRIC_DEFAULT"],
          MultiRegion: false,
        },
      };
    }),
  };
}
