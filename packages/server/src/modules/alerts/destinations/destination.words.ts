/** What to do about it, for whoever tests a destination. By reasons of deliveries and of switching off. */
const words: Record<string, string> = {
  channel_gone: "The channel is not there any more. Choose another one.",
  no_access: "The bot cannot see the channel. Give it the permission View Channel there.",
  no_permission: "The bot may not write there. Give it Send Messages and Embed Links in this channel.",
  bot_removed: "The bot is not on this Discord server. Add it again.",
  room_gone: "The room is archived or was deleted. Choose another one.",
  gone: "The receiver says that it is gone for good.",
  permission: "The bot lacks a permission in this channel.",
  rate_limited: "The receiver asks to wait. Try again in a moment.",
  outage: "The receiver does not answer as it should. Alerts are tried again by themselves.",
  timeout: "The receiver took too long to answer.",
  rejected: "The receiver refused the message. Look whether the template and the address are right.",
  blocked_address: "The address leads to a network that this server does not reach out to.",
  signature_refused: "The receiver refused the signature. Look whether it knows the secret.",
  not_configured: "This kind of destination is not set up on this server.",
  no_device: "You have no phone or browser that gets push. Turn it on in your settings first.",
};

/** In words; for a reason without words of its own, in general. */
export function destinationProblem(reason: string): string {
  return words[reason] ?? "It did not work. The history of deliveries may say more.";
}
