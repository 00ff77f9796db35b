/** Words of the page behind an invite link for broadcasters. English. */
export const streamerInvitesTexts = {
  title: "Be announced",
  invited: "You are invited to be announced by",
  what: "Whenever you go live on Twitch, it tells the people there. Nothing is read from your channel but what everybody can see.",
  until: (day: string) => `This invitation is good until ${day}.`,
  needAccount: "You need an account here, so that it is certain that it is you. You come back here afterwards.",
  signIn: "Sign in",
  signUp: "Create account",
  needTwitch: "Connect your Twitch account, so that Foyer knows which channel is yours. You come back here afterwards.",
  connect: "Connect Twitch",
  noTwitch: "Twitch is not set up on this server, so nobody can be announced yet. Ask whoever sent you this link.",
  accept: (name: string) => `Announce me as ${name}`,
  asOther: "Is this not your channel? Connect another Twitch account in your settings first.",
  asOtherLink: "Ways to sign in",
  done: (guild: string) => `${guild} announces you from now on`,
  doneLead: (name: string) =>
    `The next time that ${name} goes live on Twitch, it is told. There is nothing else for you to do. Who manages the server can take you off again.`,
  doneLink: "How you want to hear of streams yourself",
  home: "Go to the rooms",
  goneTitle: "This invitation does not work",
  gone: "The link is not complete, or it was withdrawn. Ask whoever sent it for a new one.",
  expired: "It has expired, or as many people have used it as it was for. Ask whoever sent it for a new one.",
};
