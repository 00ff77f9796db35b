/** Words of the template editor. English. */
export const templatesTexts = {
  title: "Templates",
  lead: "What an alert says while somebody is live, and what becomes of it at the end.",
};
