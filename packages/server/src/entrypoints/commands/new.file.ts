import { open, unlink } from "node:fs/promises";
import { OperatorError } from "../../platform/errors/operator.error.ts";

/**
 * Writes a text into a file that must not exist yet and that nobody else may read (0600), as it comes, and returns what
 * the text ends with. It is begun only once there is the file; of one that fails nothing is left. Throws OperatorError
 * when the file cannot be made.
 */
export async function writeNewFile<T>(path: string, begin: () => Promise<AsyncGenerator<string, T>>): Promise<T> {
  const file = await open(path, "wx", 0o600).catch((error: unknown) => {
    const code = String((error as { code?: unknown } | null)?.code ?? "unknown");
    throw new OperatorError(code === "EEXIST" ? `${path} exists already.` : `${path} cannot be written (${code}).`);
  });
  try {
    const text = await begin();
    let step = await text.next();
    while (!step.done) {
      await file.writeFile(step.value);
      step = await text.next();
    }
    await file.sync();
    return step.value;
  } catch (error) {
    await unlink(path);
    throw error;
  } finally {
    await file.close();
  }
}
