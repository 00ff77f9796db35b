import type { FileAnswer } from "../http.face.ts";

/** How much text is gathered before it is handed on, in UTF-16 units: many small chunks cost more than few large ones. */
const chunkLength = 32_768;

/**
 * A file as a response. The next piece is made only when the one before has been taken, so that a file of any size
 * needs little memory. When making it fails, the connection breaks: half a file never looks like a whole one.
 */
export function fileResponse(mediaType: string, { name, text }: FileAnswer): Response {
  const pieces = gather(text);
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const next = await pieces.next();
        if (next.done) controller.close();
        else controller.enqueue(encoder.encode(next.value));
      },
      async cancel() {
        await pieces.return(undefined);
      },
    },
    { highWaterMark: 1 },
  );
  return new Response(body, {
    headers: {
      "content-type": `${mediaType}; charset=utf-8`,
      "content-disposition": `attachment; filename="${name.replaceAll(/[^\w.-]/g, "_")}"`,
      "cache-control": "no-store",
    },
  });
}

async function* gather(text: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let held = "";
  for await (const piece of text) {
    held += piece;
    if (held.length < chunkLength) continue;
    yield held;
    held = "";
  }
  if (held !== "") yield held;
}
