import fc from "fast-check";
import { expect, test } from "vitest";
import { encodeText } from "../../packages/server/src/transports/websocket/frame.encoder.ts";
import { foyerDialect } from "./foyer.dialect.ts";
import { FrameReader } from "./frame.reader.ts";
import { socketIoDialect } from "./socketio.dialect.ts";

function readAll(bytes: Buffer, cuts: readonly number[], counting: FrameReader["counting"]) {
  const seen = { delivered: 0, texts: [] as string[], pings: 0, closes: [] as number[] };
  const reader = new FrameReader({
    delivered: (count) => {
      seen.delivered += count;
    },
    text: (text) => seen.texts.push(text),
    ping: () => {
      seen.pings += 1;
    },
    closed: (code) => seen.closes.push(code),
  });
  reader.counting = counting;
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  let from = 0;
  for (const to of [...places, bytes.length]) {
    reader.read(bytes, from, to);
    from = to;
  }
  return seen;
}

const message = (size: number) => `{"type":"message","text":"${"x".repeat(size)}"}`;

test("counts what was sent, however the bytes are cut", () => {
  fc.assert(
    fc.property(
      fc.array(fc.array(fc.nat(40_000), { minLength: 1, maxLength: 5 }), { maxLength: 6 }),
      fc.array(fc.nat()),
      (bundles, cuts) => {
        const frames = bundles.flatMap((sizes) => [
          encodeText(sizes.map(message).join("\n")),
          encodeText('{"type":"reply"}'),
          Buffer.from([0x89, 0]),
        ]);
        const seen = readAll(
          Buffer.concat([...frames, Buffer.from([0x88, 2, 0x0f, 0xa1])]),
          cuts,
          foyerDialect.counting,
        );
        expect(seen).toEqual({
          delivered: bundles.flat().length,
          texts: bundles.map(() => '{"type":"reply"}'),
          pings: bundles.length,
          closes: [4001],
        });
      },
    ),
    { numRuns: 50 },
  );
});

test("tells the peer's events from its other packets", () => {
  const bytes = Buffer.concat(['42["m","x"]', "2", '431["ok"]', '42["m","\\n"]', "40"].map(encodeText));
  for (let cut = 0; cut < bytes.length; cut += 1) {
    expect(readAll(bytes, [cut], socketIoDialect.counting)).toMatchObject({
      delivered: 2,
      texts: ["2", '431["ok"]', "40"],
    });
  }
});
