import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ServerProcess, startServerProcess } from "../support/server.process.ts";
import { readFrames } from "../support/wire.ts";

const wscat = join(dirname(createRequire(import.meta.url).resolve("wscat/package.json")), "bin", "wscat");

let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess({ env: { GUESTS: "write" } });
});
afterAll(() => server.dispose());

test("a line typed into wscat by nobody in particular is answered and echoed", async () => {
  const terminal = spawn(process.execPath, [wscat, "--connect", `${server.origin.replace("http", "ws")}/ws`]);
  const { promise: done, resolve, reject } = Promise.withResolvers<string>();
  let printed = "";
  let typed = false;
  terminal.stdout.on("data", (chunk: Buffer) => {
    printed += chunk.toString();
    if (!typed && printed.includes('"hello"')) {
      typed = true;
      terminal.stdin.write('{"action": "sendMessage", "message": "Hello World!", "roomId": "general"}\n');
    }
    if (printed.includes('"reply"') && printed.includes('"type":"message"')) resolve(printed);
  });
  terminal.stderr.on("data", (chunk: Buffer) => reject(new Error(chunk.toString())));
  const timer = setTimeout(() => reject(new Error(`not answered and echoed in 10 s; printed:\n${printed}`)), 10_000);
  try {
    // Without a terminal wscat still writes its prompt.
    const frames = readFrames((await done).trim().replace(/^> /gm, ""));
    const reply = frames.find((frame) => frame.type === "reply");
    const echo = frames.find((frame) => frame.type === "message");
    expect(reply).toMatchObject({ ok: true, action: "sendMessage", data: { duplicate: false } });
    expect(echo).toMatchObject({ roomId: "general", message: { message: "Hello World!", reactions: [] } });
    expect(reply?.data).toMatchObject({ messageId: echo?.message.messageId });
    expect(echo?.message.author.handle).not.toBe("");
  } finally {
    clearTimeout(timer);
    terminal.kill();
  }
});
