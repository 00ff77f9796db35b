/** Words of the question who one is, English. */
export const stepUpTexts = {
  title: "Confirm that it is you",
  lead: "What you are about to do matters. After this you are not asked again for ten minutes.",
  signInAgain: "To do this, sign in again first. You come back to this page.",
  signInBy: (provider: string) => `Sign in with ${provider}`,
  noWay: "There is no way to confirm it in this browser. Use the device where your passkey is, or sign in there.",
};
