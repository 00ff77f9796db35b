import { adminTexts } from "../../features/admin/admin.texts.ts";
import { guideTexts } from "../../features/alert-guide/guide.texts.ts";
import { templatesTexts } from "../../features/alert-templates/templates.texts.ts";
import { alertsTexts } from "../../features/alerts/alerts.texts.ts";
import { choiceTexts } from "../../features/alerts/choice.texts.ts";
import { analyticsTexts } from "../../features/analytics/analytics.texts.ts";
import { authTexts } from "../../features/auth/auth.texts.ts";
import { composerTexts } from "../../features/composer/composer.texts.ts";
import { deliveriesTexts } from "../../features/deliveries/deliveries.texts.ts";
import { destinationsTexts } from "../../features/destinations/destinations.texts.ts";
import { factorsTexts } from "../../features/factors/factors.texts.ts";
import { guildSettingsTexts } from "../../features/guild-settings/guild-settings.texts.ts";
import { invitesTexts } from "../../features/invites/invites.texts.ts";
import { leavingTexts } from "../../features/leaving/leaving.texts.ts";
import { linksTexts } from "../../features/links/links.texts.ts";
import { liveTexts } from "../../features/live/live.texts.ts";
import { membersTexts } from "../../features/members/members.texts.ts";
import { emojiTexts } from "../../features/messages/emoji.texts.ts";
import { messagesTexts } from "../../features/messages/messages.texts.ts";
import { moderationTexts } from "../../features/moderation/moderation.texts.ts";
import { notificationsTexts } from "../../features/notifications/notifications.texts.ts";
import { programsTexts } from "../../features/programs/programs.texts.ts";
import { proofTexts } from "../../features/proof/proof.texts.ts";
import { roomTexts } from "../../features/room/room.texts.ts";
import { roomSettingsTexts } from "../../features/room-settings/room-settings.texts.ts";
import { roomsTexts } from "../../features/rooms/rooms.texts.ts";
import { searchTexts } from "../../features/search/search.texts.ts";
import { settingsTexts } from "../../features/settings/settings.texts.ts";
import { shellTexts } from "../../features/shell/shell.texts.ts";
import { stepUpTexts } from "../../features/step-up/step-up.texts.ts";
import { streamerInvitesTexts } from "../../features/streamer-invites/streamer-invites.texts.ts";
import { streamersTexts } from "../../features/streamers/streamers.texts.ts";
import { errorTexts, uiTexts } from "../../ui/ui.texts.ts";

/**
 * The whole English catalogue. Features import their own part, so that words load with what says them; this merges
 * the parts for translators and for the check of words. Another language is another object of this shape.
 */
export const en = {
  admin: adminTexts,
  auth: authTexts,
  choice: choiceTexts,
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
  guide: guideTexts,
  templates: templatesTexts,
  alerts: alertsTexts,
  analytics: analyticsTexts,
  deliveries: deliveriesTexts,
  destinations: destinationsTexts,
  guildSettings: guildSettingsTexts,
  live: liveTexts,
  notifications: notificationsTexts,
  streamerInvites: streamerInvitesTexts,
  streamers: streamersTexts,
  ui: uiTexts,
};
