/** Words of where alerts go. English. */
export const destinationsTexts = {
  title: "Destinations",
  lead: "Each alert goes to all of them.",
};
