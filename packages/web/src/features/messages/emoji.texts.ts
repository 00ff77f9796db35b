/** Words of the emoji picker. English. */
export const emojiTexts = {
  search: "Find an emoji",
  loading: "Loading",
  none: (query: string) => `No emoji is called “${query}”`,
  label: "Emoji",
};
