import { defineConfig } from "vitest/config";

const node = { environment: "node" as const, pool: "forks" as const };

// Two workers: the machines this runs on have two cores, and the tests start real servers and databases.
export default defineConfig({
  test: {
    ...node,
    maxWorkers: 2,
    globalSetup: ["packages/server/test/support/test.postgres.ts"],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    projects: [
      {
        extends: true,
        test: { name: "unit", include: ["packages/*/src/**/*.test.{ts,tsx}", "packages/*/test/unit/**/*.test.ts"] },
      },
      {
        extends: true,
        test: { name: "conformance", include: ["packages/server/test/conformance/**/*.test.ts"] },
      },
      {
        extends: true,
        test: {
          name: "scenarios",
          include: ["packages/*/test/scenarios/**/*.test.ts", "bench/**/*.test.ts"],
          // Real servers on a busy machine: what passes on another try is told loudly.
          retry: 1,
          testTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: "promises",
          // Nothing is lost, and nothing is doubled. These are never tried twice: a lost message is no chance.
          include: ["packages/*/test/promises/**/*.test.ts"],
          testTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: "e2e",
          include: ["e2e/**/*.e2e.ts"],
          globalSetup: ["e2e/support/web.setup.ts"],
          // A browser on a busy machine: what passes on another try is told loudly.
          retry: 2,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 45_000, interval: 100 } },
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});
