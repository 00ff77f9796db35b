import type { Broadcaster, Stream } from "../alerts.types.ts";
import { plainLine } from "./outside.text.ts";

/** What a phone shows: two short lines of plain text, whatever the templates of messages say. */
export function pushText({ displayName }: Broadcaster, stream: Stream): { title: string; body: string } {
  const body = [stream.title, stream.game].map((each) => plainLine(each, 120)).filter((each) => each !== "");
  return { title: `${plainLine(displayName, 60)} is live`, body: body.join(" · ") };
}
