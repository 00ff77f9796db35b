export type { KeyState, KmsKey } from "./kms.keys.ts";
export { type KmsOptions, type KmsSimulator, startKms } from "./kms.simulator.ts";
