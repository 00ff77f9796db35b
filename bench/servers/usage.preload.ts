/** Loaded into a measured server before its own code: tells its parent what the process has used. Changes nothing else. */
import { writeFileSync } from "node:fs";
import { Session } from "node:inspector/promises";
import type { ServerQuestion, Usage } from "./server.process.ts";

let profiler: Session | undefined;

async function answer(question: ServerQuestion): Promise<object> {
  if (question.ask === "usage") return usage(question.collect);
  if (question.ask === "profile") {
    profiler = new Session();
    profiler.connect();
    await profiler.post("Profiler.enable");
    await profiler.post("Profiler.start");
    return {};
  }
  const profile = await profiler?.post("Profiler.stop");
  profiler?.disconnect();
  if (profile) writeFileSync(question.path, JSON.stringify(profile.profile));
  return {};
}

function usage(collect: boolean): Usage {
  // Twice: what the first collection finalises is freed by the second.
  if (collect) for (let round = 0; round < 2; round += 1) globalThis.gc?.();
  const { user, system } = process.cpuUsage();
  return { cpuSeconds: (user + system) / 1e6, residentBytes: process.memoryUsage.rss() };
}

process.on("message", (question: ServerQuestion) => {
  void answer(question).then((value) => process.send?.(value));
});
// Nobody measures any more.
process.once("disconnect", () => process.kill(process.pid, "SIGTERM"));
// Listening to the parent must not keep a server alive that wants to end.
process.channel?.unref();
