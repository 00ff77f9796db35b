/** Words of what holds for all alerts of a server. English. */
export const guildSettingsTexts = {
  title: "For all alerts",
  lead: "What holds for every alert of this server, unless a destination says otherwise.",
  reannounce: "Continue an alert after a short break",
  reannounceHint:
    "A stream that begins again within so many minutes continues its alert: nobody is told twice. 0 announces every start.",
  minutes: "minutes",
  maxEdits: "Edits by changes of title or game",
  maxEditsHint: "An alert is changed at most so often during one stream. 0 leaves it as it was posted.",
  outOf: (least: number, most: number) => `Enter a whole number from ${least} to ${most}.`,
  save: "Save",
  saved: "Saved",
  problems: {
    no_permission:
      "The bot may not manage roles, so that followers are not mentioned at the moment. Give it that permission; it also has to stand above the roles it makes.",
    too_many_roles:
      "This Discord server has as many roles as there can be, so that followers are not mentioned at the moment. Delete roles that nobody needs.",
  },
  grant: "Give the bot the permission",
  forgetTitle: "Forget this server",
  forgetLead:
    "All that was set up here goes: streamers, destinations, templates, history and what members chose. The bot stays until somebody removes it in Discord.",
  forget: "Forget this server",
  forgetAsk: (name: string) => `Forget ${name}`,
  forgetAskLead: "This cannot be undone. No more alerts go out for this server.",
  forgotten: (name: string) => `${name} is forgotten`,
};
