import { compactDecrypt, decodeProtectedHeader, errors } from "jose";
import { z } from "zod";
import { OperatorError } from "../../../platform/errors/operator.error.ts";
import {
  anyFirstLine,
  type ExportCounts,
  type ExportedLink,
  exportedLink,
  firstLine,
  KEY_TYPE,
  keyAlgorithms,
  lineAlgorithms,
  lineHeader,
  MOST_ROUNDS,
  passphraseBytes,
  sealedKey,
  sumOf,
  VERSION,
} from "./export.format.ts";
import { linesIn } from "./export.lines.ts";

/** The content of a file, from its beginning each time that it is called. */
export type ExportSource = () => AsyncIterable<string>;

/** A file that has been read to its end once, and was in order. */
export interface OpenedExport {
  /** In milliseconds since 1970. */
  exportedAt: number;
  counts: ExportCounts;
  /** Reads it again. Throws OperatorError when it is not the same any more. */
  records(): AsyncGenerator<ExportedLink, ExportCounts>;
}

/**
 * Opens a file and reads all of it, so that nothing is done with half of one. Throws OperatorError for a file that is no
 * export, is of another version, damaged or broken off, and for a wrong passphrase.
 */
export async function openExport(source: ExportSource, passphrase: string): Promise<OpenedExport> {
  const lines = linesIn(source());
  const first = await lines.next();
  const { contentKey, exportedAt } = await openKey(first.done ? "" : first.value, passphrase);
  await lines.return();
  const records = () => recordsOf(source, Buffer.from(contentKey, "base64url"));
  const all = records();
  let step = await all.next();
  while (!step.done) step = await all.next();
  return { exportedAt, counts: step.value, records };
}

async function openKey(line: string, passphrase: string): Promise<z.infer<typeof sealedKey>> {
  const known = anyFirstLine.safeParse(jsonOf(line));
  if (!known.success) throw new OperatorError("This is no export of a vault, or its first line is damaged.");
  const { version } = known.data;
  if (version !== VERSION) {
    throw new OperatorError(
      `This file has version ${version}, and this Foyer reads version ${VERSION}: use the Foyer that wrote it, or a newer one.`,
    );
  }
  const parsed = firstLine.safeParse(known.data);
  if (!parsed.success || sumOf(parsed.data.key) !== parsed.data.sum) throw damaged(1);
  try {
    const { plaintext, protectedHeader } = await compactDecrypt(parsed.data.key, passphraseBytes(passphrase), {
      keyManagementAlgorithms: [keyAlgorithms.alg],
      contentEncryptionAlgorithms: [keyAlgorithms.enc],
      maxPBES2Count: MOST_ROUNDS,
    });
    if (protectedHeader.typ !== KEY_TYPE) throw damaged(1);
    return sealedKey.parse(jsonOf(new TextDecoder().decode(plaintext)));
  } catch (error) {
    if (error instanceof errors.JWEDecryptionFailed) {
      throw new OperatorError("This is not the passphrase that the file was sealed for.");
    }
    throw error instanceof OperatorError ? error : damaged(1);
  }
}

async function* recordsOf(source: ExportSource, key: Uint8Array): AsyncGenerator<ExportedLink, ExportCounts> {
  let place = 0;
  let links = 0;
  let end: ExportCounts | undefined;
  for await (const line of linesIn(source())) {
    place += 1;
    if (place === 1) continue;
    // The content key counts lines without the first.
    const { header, records } = await openLine(line, key, place);
    if (end !== undefined || header.n !== place - 1) throw damaged(place);
    links += records.length;
    yield* records;
    end = header.end;
  }
  if (end === undefined) throw new OperatorError("The file is broken off: its end is missing. Copy it again.");
  if (end.links !== links) throw damaged(place);
  return end;
}

async function openLine(line: string, key: Uint8Array, place: number) {
  try {
    // The header is believed only once the line has opened: it is a part of what is authenticated.
    const header = lineHeader.parse(decodeProtectedHeader(line));
    const { plaintext } = await compactDecrypt(line, key, {
      keyManagementAlgorithms: [lineAlgorithms.alg],
      contentEncryptionAlgorithms: [lineAlgorithms.enc],
    });
    return { header, records: z.array(exportedLink).parse(jsonOf(new TextDecoder().decode(plaintext))) };
  } catch {
    throw damaged(place);
  }
}

function damaged(place: number): OperatorError {
  return new OperatorError(`The file is damaged in line ${place}. Copy it again.`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
