import { expect, test } from "vitest";
import { createChatWorld } from "../../../test/support/chat.world.ts";
import { eachEngine } from "../../../test/support/engines.ts";

eachEngine((_engine, open) => {
  test("the server speaks in a room: once for a key, past slow mode and filters, and mentions nobody", async () => {
    const world = await createChatWorld(await open());
    const { announcements } = world.chat;
    const owner = world.person("owner", "owner");
    const { roomId } = await world.ok(owner, "createRoom", { body: { kind: "public", name: "Stage" } });
    await world.ok(owner, "updateRoom", { params: { roomId }, body: { slowModeSeconds: 600 } });
    await world.ok(owner, "createWordFilter", { body: { kind: "literal", expression: "live" } });

    const text = "@owner and @room: live";
    const first = await announcements.post({ roomId, clientId: "delivery-1", text });
    expect(await announcements.post({ roomId, clientId: "delivery-1", text })).toEqual(first);
    await announcements.post({ roomId, clientId: "delivery-2", text: "live again" });

    const { messages } = await world.ok(owner, "listMessages", { params: { roomId } });
    expect(messages.map(({ message }) => message)).toEqual([text, "live again"]);
    expect((await world.ok(owner, "getRoom", { params: { roomId } })).mentions).toBe(0);

    await announcements.edit({ roomId, messageId: first.messageId, text: "was live" });
    const edited = await world.ok(owner, "getMessage", { params: { roomId, messageId: first.messageId } });
    expect(edited.message).toBe("was live");
    await announcements.remove({ roomId, messageId: first.messageId });
    await expect(announcements.edit({ roomId, messageId: first.messageId, text: "x" })).rejects.toThrow(
      expect.objectContaining({ code: "message.deleted" }),
    );
  });

  test("rooms that are archived, gone or private to a few take no announcements", async () => {
    const world = await createChatWorld(await open());
    const { announcements } = world.chat;
    const [owner, other] = [world.person("owner", "owner"), world.person("other")];
    const { roomId } = await world.ok(owner, "createRoom", { body: { kind: "public", name: "Stage" } });
    const direct = await world.ok(owner, "createRoom", { body: { kind: "direct", accountIds: [other.accountId] } });
    expect(await announcements.roomName(roomId)).toBe("Stage");
    expect(await announcements.roomName(direct.roomId)).toBeUndefined();
    expect(await announcements.roomName("nowhere")).toBeUndefined();
    await world.ok(owner, "updateRoom", { params: { roomId }, body: { archived: true } });
    expect(await announcements.roomName(roomId)).toBeUndefined();
    const post = (id: string) => announcements.post({ roomId: id, clientId: "d", text: "live" });
    await expect(post(roomId)).rejects.toThrow(expect.objectContaining({ code: "room.archived" }));
    await expect(post("nowhere")).rejects.toThrow(expect.objectContaining({ code: "room.not_found" }));
  });
});
