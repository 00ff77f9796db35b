import { adminTexts } from "../../features/admin/admin.texts.ts";
import { authTexts } from "../../features/auth/auth.texts.ts";
import { composerTexts } from "../../features/composer/composer.texts.ts";
import { factorsTexts } from "../../features/factors/factors.texts.ts";
import { invitesTexts } from "../../features/invites/invites.texts.ts";
import { leavingTexts } from "../../features/leaving/leaving.texts.ts";
import { linksTexts } from "../../features/links/links.texts.ts";
import { membersTexts } from "../../features/members/members.texts.ts";
import { emojiTexts } from "../../features/messages/emoji.texts.ts";
import { messagesTexts } from "../../features/messages/messages.texts.ts";
import { moderationTexts } from "../../features/moderation/moderation.texts.ts";
import { programsTexts } from "../../features/programs/programs.texts.ts";
import { proofTexts } from "../../features/proof/proof.texts.ts";
import { roomTexts } from "../../features/room/room.texts.ts";
import { roomSettingsTexts } from "../../features/room-settings/room-settings.texts.ts";
import { roomsTexts } from "../../features/rooms/rooms.texts.ts";
import { searchTexts } from "../../features/search/search.texts.ts";
import { settingsTexts } from "../../features/settings/settings.texts.ts";
import { shellTexts } from "../../features/shell/shell.texts.ts";
import { stepUpTexts } from "../../features/step-up/step-up.texts.ts";
import { errorTexts, uiTexts } from "../../ui/ui.texts.ts";

/**
 * The whole English catalogue. Features import their own part, so that words load with what says them; this merges
 * the parts for translators and for the check of words. Another language is another object of this shape.
 */
export const en = {
  admin: adminTexts,
  auth: authTexts,
  composer: composerTexts,
  emoji: emojiTexts,
  errors: errorTexts,
  invites: invitesTexts,
  members: membersTexts,
  messages: messagesTexts,
  moderation: moderationTexts,
  room: roomTexts,
  rooms: roomsTexts,
  roomSettings: roomSettingsTexts,
  search: searchTexts,
  settings: settingsTexts,
  shell: shellTexts,
  factors: factorsTexts,
  leaving: leavingTexts,
  links: linksTexts,
  programs: programsTexts,
  proof: proofTexts,
  stepUp: stepUpTexts,
  ui: uiTexts,
};
