/** Words of what holds for alerts: whom they mention, and what becomes of them. English. */
export const choiceTexts = {
  mention: "Who is mentioned",
  mentions: {
    inherit: "As this server does",
    nobody: "Nobody",
    followers: "Members who follow the streamer",
    role: "A role",
  },
  inheritDestination: "As this destination does",
  followersHint: "Foyer keeps a role for each streamer. Members who opt out lose it, and hear nothing.",
  role: "Role",
  roleHint: "Only roles that the bot may mention are listed.",
  rolePlaceholder: "Choose a role",
  roleEmpty: "Choose the role that is mentioned.",
  noRoles: "No role",
  endAction: "When the stream is over",
  endActions: {
    inherit: "As this server does",
    recap: "Turn the alert into a recap",
    delete: "Delete the alert",
    keep: "Leave it as it is",
  },
};
