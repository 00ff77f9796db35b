/** Words of who is live now. English. */
export const liveTexts = {
  watch: "Watch",
};
