import { expect, test } from "vitest";
import { createLogger } from "./logger.ts";
import { humanLine } from "./terminal.ts";

function capture(level: "info" | "debug" = "info") {
  const lines: string[] = [];
  const log = createLogger({ level, key: "key", destination: { write: (line) => lines.push(line) } });
  return { log, lines, last: () => JSON.parse(lines.at(-1) ?? "{}") as Record<string, unknown> };
}

test("prints listed fields alone, also inside children, nested objects and lists", () => {
  const { log, lines } = capture();
  const secret = "hush-hush";
  log.info(
    { password: secret, roomId: "general", reason: { token: secret, code: "x" }, rooms: [{ text: secret }] },
    "a",
  );
  log.child({ authorization: secret }).child({ cookie: secret, component: "bus" }).warn({ email: secret }, "b");
  expect(lines.join("")).not.toContain(secret);
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    roomId: "general",
    password: "[hidden]",
    reason: { token: "[hidden]", code: "x" },
  });
  expect(JSON.parse(lines[1] ?? "")).toMatchObject({ component: "bus", cookie: "[hidden]", authorization: "[hidden]" });
});

test("prints account ids as a hash that stays the same within one server", () => {
  const { log, lines, last } = capture();
  const accountId = "0192aaaa-0000-7000-8000-000000000000";
  log.info({ accountId }, "a");
  const { accountId: first } = last();
  log.child({ accountId }).info("b");
  expect(last().accountId).toBe(first);
  expect(lines.join("")).not.toContain(accountId);
});

test("what comes from outside cannot break a line or reach the terminal's control", () => {
  const { log, lines } = capture();
  const evil = 'a\n{"level":"error","msg":"forged"}\u001b[2J\u009b\u2028\u202e';
  log.info({ reason: evil }, evil);
  log.error(new Error(evil), "failed");
  for (const line of lines) {
    expect(line.trimEnd()).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
    expect(JSON.parse(line)).toHaveProperty("msg");
    // Of control characters, only the colour of the level and the end of the line are ours.
    const shown = humanLine(line).replaceAll("\u001b[31m", "").replaceAll("\u001b[0m", "").replaceAll("\n", "");
    expect(shown).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
  }
  expect(humanLine(lines[0] ?? "").trimEnd()).not.toContain("\n");
});

test("errors keep their type, code, stack and cause", () => {
  const { log, last } = capture();
  const cause = Object.assign(new Error("inner"), { code: "ECONNREFUSED" });
  log.error({ err: new TypeError("outer", { cause }) }, "failed");
  expect(last().err).toHaveProperty("stack", expect.stringContaining("outer"));
  expect(last().err).toMatchObject({
    type: "TypeError",
    cause: { code: "ECONNREFUSED" },
  });
});

test("lines below the level are not written", () => {
  const { log, lines } = capture();
  log.debug("quiet");
  expect(lines).toEqual([]);
});
