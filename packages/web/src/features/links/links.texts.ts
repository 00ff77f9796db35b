import type { PermissionLevel } from "@foyer/protocol";

const levels: Record<PermissionLevel, { name: string; may: string }> = {
  viewer: { name: "Viewer", may: "You sign in with Twitch. Foyer does nothing there in your name." },
  chatbot: { name: "Chat", may: "Foyer reads Twitch chat and writes in it in your name." },
  moderator: { name: "Moderator", may: "Foyer moderates for you, in the channels where you are a moderator." },
  admin: { name: "Channel", may: "Foyer runs your own channel: title, polls, predictions, raids, clips." },
};

const scopes: Record<string, string> = {
  "user:read:email": "Your e-mail address that Twitch has verified, for a new account",
  "user:read:chat": "Read chat",
  "user:write:chat": "Write in chat as you",
  "user:bot": "Be in chat as you",
  "channel:moderate": "Hear of bans and unbans",
  "moderator:manage:announcements": "Make announcements",
  "moderator:manage:automod": "Decide about messages that AutoMod holds back",
  "moderator:manage:banned_users": "Ban people and time them out, and lift both",
  "moderator:manage:chat_messages": "Delete messages, clear chat",
  "moderator:manage:chat_settings": "Slow mode, and who may write",
  "moderator:manage:shield_mode": "Turn shield mode on and off",
  "moderator:manage:shoutouts": "Give shoutouts",
  "moderator:manage:warnings": "Warn people",
  "moderator:read:chatters": "See who is in chat",
  "moderator:read:followers": "See who follows",
  "channel:bot": "Let Foyer into the chat of your channel",
  "channel:manage:broadcast": "Change title and game, set markers",
  "channel:manage:polls": "Run polls",
  "channel:manage:predictions": "Run predictions",
  "channel:manage:raids": "Start and cancel raids",
  "clips:edit": "Make clips",
};

/** Words of ways to sign in, English. */
export const linksTexts = {
  title: "Ways to sign in",
  lead: "Each of them alone lets you in. Keep at least two, so that losing one does not lock you out.",
  list: "Your ways to sign in",
  password: "Password",
  passwordSet: "Set. You can change it below.",
  passwordUnset: "Not set",
  passwordSection: "Password",
  connected: "Connected",
  since: (day: string) => `since ${day}`,
  notConnected: "Not connected",
  revoked: "Connection ended",
  revokedNote: (provider: string) =>
    `${provider} no longer lets Foyer in, so nothing happens there in your name. You can still sign in with it; that connects it again.`,
  short: (provider: string) => `${provider} has granted less than you chose. Connect again to grant the rest.`,
  connect: "Connect",
  connectNamed: (provider: string) => `Connect ${provider}`,
  again: "Connect again",
  againNamed: (provider: string) => `Connect again with ${provider}`,
  unlink: "Unlink",
  unlinkNamed: (provider: string) => `Unlink ${provider}`,
  unlinkTitle: (provider: string) => `Unlink ${provider}`,
  unlinkLead: (provider: string, name: string) =>
    `You will not be able to sign in as ${name} of ${provider} any more, and Foyer does nothing there in your name. The access that ${provider} gave is returned. You can connect it again at any time.`,
  lastWayIn:
    "This is your only way to sign in, so it cannot be unlinked. Connect another account or set a password first.",
  linked: (provider: string) => `${provider} is connected`,
  unlinked: (provider: string) => `${provider} is unlinked`,
  otherTitle: (address: string) => `Connect it at ${address}`,
  otherLead: (provider: string, here: string, there: string) =>
    `You have opened Foyer at ${here}, and ${provider} sends people back to ${there}. For a browser these are two places: open the other one, sign in there, and connect the account there. It is the same Foyer, and the same account.`,
  otherAct: (address: string) => `Open ${address}`,
  none: "This server is not set up for accounts of other services.",
  level: "Permissions",
  levelNamed: (provider: string) => `Permissions at ${provider}`,
  levelTitle: (provider: string) => `What Foyer may do at ${provider}`,
  levelLead: "Each level holds those above it. Choose the least that you need.",
  levelGroup: "Level",
  asks: (provider: string, count: number) =>
    count === 1 ? `${provider} asks you to allow 1 thing` : `${provider} asks you to allow ${count} things`,
  now: "Now",
  toAsk: (provider: string) => `Go on to ${provider}`,
  toAskNote: (provider: string) =>
    `${provider} shows you what Foyer asks for, and you decide there. Then you come back here.`,
  atOnce: "Change now",
  atOnceNote: "This counts at once.",
  unchanged: "Nothing to change",
  levelChanged: (level: string) => `The level is now ${level}`,
  levels,
  scopes,
};
