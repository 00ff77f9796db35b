import type { SignInProvider } from "@foyer/protocol";

/** Where links are made: the way back for somebody who does not allow it at the provider. */
const linksPage = "/settings/sign-in";

/** Where a provider sends people back to who connect an account, and where they go who do not. */
export const waysBack = (provider: SignInProvider) => ({
  returnTo: `${linksPage}?linked=${provider}`,
  startedFrom: linksPage,
});

/** The same for an account that is connected on another page, which goes on by itself. */
export const waysBackTo = (page: string) => ({ returnTo: page, startedFrom: page });
