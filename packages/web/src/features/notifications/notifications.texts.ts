/** Words of how one wants to hear of streams. English. */
export const notificationsTexts = {
  title: "Notifications",
  lead: "How you want to hear that somebody is live.",
};
