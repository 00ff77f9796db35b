/** Words of the analytics. English. */
export const analyticsTexts = {
  title: "Analytics",
  lead: "How many alerts were sent, how fast, and what failed.",
};
