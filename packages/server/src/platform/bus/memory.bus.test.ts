import { describe } from "vitest";
import { busConformance } from "../../../test/conformance/bus.conformance.ts";
import { silentLogger } from "../logs/logger.ts";
import { createMemoryBus } from "./memory.bus.ts";

describe("the bus of one process", () => {
  busConformance(
    async () => createMemoryBus({ log: silentLogger() }),
    async () => {},
  );
});
