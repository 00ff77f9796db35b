import type { DeliveryReason } from "@foyer/protocol";

/** What happened, and what to do about it. */
const reasons: Record<DeliveryReason, string> = {
  rate_limited: "The receiver asked to wait.",
  outage: "The receiver did not answer as it should.",
  timeout: "The receiver took too long to answer.",
  permission: "The bot lacks a permission there. Give it back in Discord, then try again.",
  gone: "The place is not there any more. Choose another destination.",
  rejected: "The receiver refused the message. Look whether the template and the address are right.",
  blocked_address: "The address leads to a network that this server does not reach out to.",
  destination_off: "The destination was switched off. Switch it on, then try again.",
  too_late: "It could not be sent in time, and by then it was no news any more.",
  signature_refused: "The receiver refused the signature. Look whether it knows the secret.",
  unknown: "It is not known what was wrong.",
};

/** Words of the history of deliveries. English. */
export const deliveriesTexts = {
  title: "History",
  lead: "What became of each alert, at each destination. Newest first.",
  filter: "Show",
  filters: { all: "All", waiting: "Waiting", sent: "Sent", failed: "Failed" },
  list: "Deliveries",
  none: "No alerts yet",
  noneHint: "As soon as somebody goes live, what becomes of the alert stands here.",
  noneOf: "Nothing of this kind",
  noneOfHint: "Choose another filter to see more.",
  more: "Show older ones",
  loaded: (count: number) => `${count} deliveries shown`,
  states: { waiting: "Waiting", sent: "Sent", failed: "Failed" },
  untitled: "Without a title",
  latency: (milliseconds: number) =>
    milliseconds < 10_000
      ? `${milliseconds.toLocaleString()} ms`
      : `${Math.round(milliseconds / 1000).toLocaleString()} s`,
  latencyHint: "From Twitch's timestamp to the receiver's answer",
  tries: (count: number) => (count === 1 ? "1 try" : `${count} tries`),
  nextTry: (when: string) => `next try ${when}`,
  recipients: (count: number) => (count === 1 ? "1 device" : `${count.toLocaleString()} devices`),
  failedOf: (failed: number) => `${failed.toLocaleString()} not reached`,
  open: "Look at it",
  openNamed: (name: string) => `Look at it in ${name}`,
  details: "Details",
  detailsNamed: (streamer: string, destination: string) => `Details of ${streamer}, ${destination}`,
  retry: "Try again",
  retryNamed: (streamer: string, destination: string) => `Try again: ${streamer}, ${destination}`,
  retried: "It is being tried again",
  dialog: (streamer: string) => `Alert for ${streamer}`,
  facts: {
    destination: "Destination",
    began: "Stream began",
    sent: "Sent",
    latency: "Took",
    reason: "Reason",
    recipients: "Devices",
  },
  history: "What was done",
  noTries: "Nothing yet.",
  what: { post: "Post", edit: "Change", delete: "Delete" },
  outcomes: { done: "done", again: "to be tried again", failed: "given up" },
  columns: { at: "When", what: "What", outcome: "Outcome", status: "Answer", duration: "Took" },
  reasons,
};
