export {
  type ReceivedWebhook,
  type ReceiverOptions,
  startReceiver,
  type WebhookReceiver,
} from "./receiver.simulator.ts";
