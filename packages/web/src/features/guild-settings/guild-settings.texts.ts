/** Words of what holds for all alerts of a server. English. */
export const guildSettingsTexts = {
  title: "Settings",
  lead: "What holds for all alerts of this server, unless a destination says otherwise.",
};
