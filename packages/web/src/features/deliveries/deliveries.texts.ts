/** Words of the history of deliveries. English. */
export const deliveriesTexts = {
  title: "History",
  lead: "What became of each alert, at each destination.",
};
