import type { ServerFrame, ServerFrameType } from "@foyer/protocol";

/** Every type of frame, and whether it names a room. A type that is not here is from a newer server: left out. */
const inRoom: Record<ServerFrameType, boolean> = {
  hello: false,
  reply: false,
  message: true,
  room: true,
  read: true,
  typing: true,
  presence: true,
  resync: true,
  goodbye: false,
};

/**
 * The frames of one text message of the server: JSON objects joined by `\n`. The server is trusted with their inner
 * shapes. Throws SyntaxError for what is not JSON.
 */
export function parseFrames(text: string): ServerFrame[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line): unknown => JSON.parse(line))
    .filter(isFrame);
}

function isFrame(value: unknown): value is ServerFrame {
  if (typeof value !== "object" || value === null || !("type" in value) || typeof value.type !== "string") return false;
  if (!Object.hasOwn(inRoom, value.type)) return false;
  return !inRoom[value.type as ServerFrameType] || ("roomId" in value && typeof value.roomId === "string");
}

/**
 * Puts messages of one room that came in one after another together: a busy room's are applied at once, so that its
 * window is copied once. Every other frame stays alone.
 */
export function bundles(frames: readonly ServerFrame[]): [ServerFrame, ...ServerFrame[]][] {
  const result: [ServerFrame, ...ServerFrame[]][] = [];
  for (const frame of frames) {
    const last = result.at(-1);
    const together = last?.[0].type === "message" && frame.type === "message" && last[0].roomId === frame.roomId;
    if (together) last?.push(frame);
    else result.push([frame]);
  }
  return result;
}
