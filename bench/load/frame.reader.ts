/** How the frames that carry messages are told from others, by one byte, without parsing them. */
export interface Counting {
  /** Position of the telling byte in the payload, and its value. */
  index: number;
  byte: number;
  /** True when one frame may carry many messages, joined by newlines. */
  lines: boolean;
}

/** What a reader tells. `at` is the moment when the frame was complete. */
export interface FrameSink {
  /** A frame with `count` messages went by. */
  delivered(count: number): void;
  /** Any other text frame. */
  text(text: string): void;
  ping(): void;
  closed(code: number): void;
}

const newline = 10;

/**
 * Reads the server's side of RFC 6455 from chunks that are cut anywhere. Frames with messages are counted as they pass
 * and never put together; everything else is handed on as text. That makes the load cheap enough to leave the
 * measured server the bottleneck.
 */
export class FrameReader {
  /** Off while a connection is being made: then every frame is handed on as text. */
  counting: Counting | undefined;
  readonly #sink: FrameSink;
  readonly #header = Buffer.alloc(10);
  #headerLength = 0;
  #opcode = 0;
  #left = 0;
  #length = 0;
  #inside = false;
  #messages = 0;
  /** What has come of a frame that is not counted. */
  #pieces: Buffer[] = [];

  constructor(sink: FrameSink) {
    this.#sink = sink;
  }

  /** Takes bytes `from` to `to` of `chunk`, which may be overwritten afterwards. */
  read(chunk: Buffer, from: number, to: number): void {
    let position = from;
    while (position < to) {
      if (!this.#inside) position = this.#readHeader(chunk, position, to);
      else position = this.#readPayload(chunk, position, to);
      if (this.#inside && this.#left === 0) this.#end();
    }
  }

  #readHeader(chunk: Buffer, from: number, to: number): number {
    let position = from;
    while (position < to) {
      this.#header[this.#headerLength++] = chunk[position++] ?? 0;
      if (this.#headerLength < 2) continue;
      const short = (this.#header[1] ?? 0) & 0x7f;
      const size = short < 126 ? 2 : short === 126 ? 4 : 10;
      if (this.#headerLength < size) continue;
      this.#opcode = (this.#header[0] ?? 0) & 0x0f;
      this.#length =
        short < 126 ? short : short === 126 ? this.#header.readUInt16BE(2) : Number(this.#header.readBigUInt64BE(2));
      this.#left = this.#length;
      this.#headerLength = 0;
      this.#inside = true;
      this.#messages = 0;
      break;
    }
    return position;
  }

  #readPayload(chunk: Buffer, from: number, to: number): number {
    const end = Math.min(to, from + this.#left);
    const read = this.#length - this.#left;
    this.#left -= end - from;
    const { counting } = this;
    if (counting && this.#opcode === 1 && this.#messages === 0) {
      const at = from + counting.index - read;
      if (at >= from && at < end && chunk[at] === counting.byte) this.#messages = 1;
    }
    if (this.#messages === 0) this.#pieces.push(Buffer.from(chunk.subarray(from, end)));
    else if (counting?.lines) this.#messages += countNewlines(chunk, from, end);
    return end;
  }

  #end(): void {
    this.#inside = false;
    const pieces = this.#pieces;
    if (pieces.length > 0) this.#pieces = [];
    if (this.#messages > 0) {
      this.#sink.delivered(this.#messages);
      return;
    }
    const payload = pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces);
    if (this.#opcode === 1) this.#sink.text(payload.toString());
    else if (this.#opcode === 9) this.#sink.ping();
    else if (this.#opcode === 8) this.#sink.closed(payload.length >= 2 ? payload.readUInt16BE(0) : 1005);
  }
}

function countNewlines(chunk: Buffer, from: number, to: number): number {
  // A view, so that the search ends with the frame and not with the memory that all connections share.
  const part = chunk.subarray(from, to);
  let count = 0;
  for (let at = part.indexOf(newline); at !== -1; at = part.indexOf(newline, at + 1)) count += 1;
  return count;
}
