import { connect, type Socket } from "node:net";
import { FrameReader, type FrameSink } from "./frame.reader.ts";

/** All sockets of the process read into the same memory: nothing is kept of it once a read has been counted. */
const shared = Buffer.allocUnsafeSlow(262_144);

const pong = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);

/** Where to connect. `headers` are whole lines. */
export interface RawTarget {
  port: number;
  path: string;
  headers: readonly string[];
}

/** A WebSocket client over a bare TCP socket that costs next to nothing for each frame that it reads. */
export class RawSocket {
  readonly reader: FrameReader;
  readonly #socket: Socket;
  #greeted = false;
  #response = "";

  constructor(target: RawTarget, sink: Omit<FrameSink, "ping">) {
    this.reader = new FrameReader({
      delivered: (count) => sink.delivered(count),
      text: (text) => sink.text(text),
      closed: (code) => sink.closed(code),
      ping: () => this.#socket.write(pong),
    });
    this.#socket = connect({
      host: "127.0.0.1",
      port: target.port,
      noDelay: true,
      onread: { buffer: shared, callback: (length) => this.#read(length) },
    });
    const lines = [
      `GET ${target.path} HTTP/1.1`,
      `Host: 127.0.0.1:${target.port}`,
      "Connection: Upgrade",
      "Upgrade: websocket",
      "Sec-WebSocket-Version: 13",
      "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
      ...target.headers,
    ];
    this.#socket.write(`${lines.join("\r\n")}\r\n\r\n`);
    this.#socket.on("error", () => {});
    this.#socket.on("close", () => sink.closed(1006));
  }

  /** Sends texts, each as a frame of its own, by one write. */
  send(...texts: readonly string[]): void {
    const frames = texts.map(encodeMasked);
    this.#socket.write(frames.length === 1 && frames[0] ? frames[0] : Buffer.concat(frames));
  }

  /** Cuts the connection. A reset, so that no port stays reserved after it. */
  cut(): void {
    this.#socket.resetAndDestroy();
  }

  #read(length: number): boolean {
    if (this.#greeted) {
      this.reader.read(shared, 0, length);
      return true;
    }
    // Latin-1 keeps one character for each byte, so that the place in the text is the place in the buffer.
    const before = this.#response.length;
    this.#response += shared.toString("latin1", 0, length);
    const end = this.#response.indexOf("\r\n\r\n");
    if (end === -1) return true;
    if (!this.#response.startsWith("HTTP/1.1 101")) throw new Error(`no upgrade: ${this.#response.slice(0, 200)}`);
    this.#greeted = true;
    this.reader.read(shared, end + 4 - before, length);
    return true;
  }
}

/** A client's text frame. The mask is zero: allowed, and the server's work of unmasking stays the same. */
function encodeMasked(text: string): Buffer {
  const length = Buffer.byteLength(text);
  if (length > 65_535) throw new RangeError("a frame of the load is at most 64 KiB");
  const header = length < 126 ? 6 : 8;
  const frame = Buffer.alloc(header + length);
  frame[0] = 0x81;
  if (length < 126) frame[1] = 0x80 | length;
  else {
    frame[1] = 0x80 | 126;
    frame.writeUInt16BE(length, 2);
  }
  frame.write(text, header);
  return frame;
}
