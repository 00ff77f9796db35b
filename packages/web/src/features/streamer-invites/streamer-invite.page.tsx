import { AuthFrame } from "../auth/auth.frame.tsx";
import { streamerInvitesTexts as t } from "./streamer-invites.texts.ts";

/** What an invite link for broadcasters leads to, and the way to be announced. */
export function StreamerInvitePage() {
  return <AuthFrame title={t.title}>{null}</AuthFrame>;
}
