/** Words of the broadcasters that are announced. English. */
export const streamersTexts = {
  title: "Streamers",
  lead: "Whoever of them goes live on Twitch is announced.",
};
