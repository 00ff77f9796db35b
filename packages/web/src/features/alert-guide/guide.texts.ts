/** Words of the guide to a first alert. English. */
export const guideTexts = {
  title: "Your first alert",
  lead: "Step by step, from nothing to an alert in Discord. Each step is checked while you are here.",
};
