/**
 * One unmasked RFC 6455 text frame, ready for the wire. Done here and not by the WebSocket library so that a frame
 * that goes to a whole room is encoded once and the same bytes are handed to every socket.
 */
export function encodeText(text: string): Buffer {
  const length = Buffer.byteLength(text);
  const header = length < 126 ? 2 : length < 65_536 ? 4 : 10;
  const frame = Buffer.allocUnsafe(header + length);
  frame[0] = 0x81; // final fragment, text
  if (header === 2) frame[1] = length;
  else if (header === 4) {
    frame[1] = 126;
    frame.writeUInt16BE(length, 2);
  } else {
    frame[1] = 127;
    frame.writeUInt32BE(Math.floor(length / 2 ** 32), 2);
    frame.writeUInt32BE(length >>> 0, 6);
  }
  frame.write(text, header);
  return frame;
}

/** An empty ping, shared by all sockets. */
export const pingFrame = Buffer.from([0x89, 0x00]);
