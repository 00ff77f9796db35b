export {
  type PushMessage,
  type PushOptions,
  type PushSimulator,
  type PushSubscriber,
  startPush,
} from "./push.simulator.ts";
