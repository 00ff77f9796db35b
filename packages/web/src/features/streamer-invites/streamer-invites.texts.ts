/** Words of the page behind an invite link for broadcasters. English. */
export const streamerInvitesTexts = {
  title: "Be announced",
};
