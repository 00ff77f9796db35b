import { expect } from "vitest";
import { openWire } from "../wire.ts";
import type { MarkedWorld } from "./marked.world.ts";

/** A private room with a marked topic, an invite and a marked message; frames with secrets where none belong. */
export async function talkInRooms({ asker, search, server, person }: MarkedWorld) {
  const [ada, bo] = [person("ada").token, person("bo").token];
  const topic = search.make("room topic");
  const { roomId } = await asker.good("createRoom", {
    as: ada,
    body: { name: "Secret plans", kind: "private", topic },
  });
  const { token = "" } = await asker.good("createInvite", { as: ada, path: [roomId], body: {} });
  search.note("invite", token);
  await asker.good("getInvite", { path: [token] });
  expect(await asker.refusal("getInvite", { path: [search.make("bad invite")] })).toBe("invite.not_found");
  await asker.good("acceptInvite", { as: bo, path: [token] });
  await asker.refusal("acceptInvite", { as: bo, path: [search.make("bad invite, accepted")] });

  const wire = await openWire(server.origin, { token: bo });
  await wire.ask("sendMessage", { roomId, message: search.make("message") });
  await wire.request("authenticate", { token: search.make("token in a frame") });
  wire.text(`{"action":"authenticate","token":"${search.make("in a broken frame")}`);
  wire.text(JSON.stringify({ action: search.make("as an action"), requestId: "1" }));
  await wire.request("sendMessage", { roomId: search.make("as a room").slice(0, 30), message: "x" });
  await wire.close();
  await asker.good("search", { as: bo, query: "?q=plans" });
}
