import { beforeEach, describe, expect, it } from "vitest";
import type { ChatTables } from "../../src/modules/chat/chat.tables.ts";
import { type ChatWorld, createChatWorld, type Someone } from "../support/chat.world.ts";
import { eachEngine } from "../support/engines.ts";

eachEngine((_engine, open) => {
  describe("invites", () => {
    let world: ChatWorld;
    let ada: Someone;
    let bob: Someone;
    let params: { roomId: string };

    beforeEach(async () => {
      world = await createChatWorld(await open());
      ada = world.person("Ada");
      bob = world.person("Bob");
      params = { roomId: (await world.ok(ada, "createRoom", { body: { kind: "private", name: "Den" } })).roomId };
    });

    const invite = async (body: object = {}) => {
      const made = await world.ok(ada, "createInvite", { params, body });
      return { inviteId: made.inviteId, token: made.token ?? "" };
    };
    const accept = async (who: Someone, token: string) =>
      (await world.call(who, "acceptInvite", { params: { token } })).code ?? "joined";
    const uses = async () => (await world.ok(ada, "listInvites", { params })).items.map((item) => item.uses);

    it("shows the token once and keeps only its hash", async () => {
      const { token } = await invite({ maxUses: 3, expiresInSeconds: 3600 });
      expect(Buffer.from(token, "base64url").length).toBeGreaterThanOrEqual(16);
      const listed = await world.ok(ada, "listInvites", { params });
      expect(listed.items).toMatchObject([{ maxUses: 3, uses: 0, createdBy: { handle: "ada" } }]);
      expect(JSON.stringify(listed)).not.toContain(token);
      const rows = await world.database.tables<ChatTables>().selectFrom("invites").selectAll().execute();
      expect(JSON.stringify(rows)).not.toContain(token);
      expect(rows[0]?.token_hash).toMatch(/^[0-9a-f]{64}$/);
    });

    it("shows where a link leads, to anybody who holds it, and lets in who has an account", async () => {
      const { token } = await invite();
      expect(await world.ok(null, "getInvite", { params: { token } })).toEqual({
        roomId: params.roomId,
        name: "Den",
        topic: "",
        memberCount: 1,
        joined: false,
      });
      const room = await world.ok(bob, "acceptInvite", { params: { token } });
      expect(room).toMatchObject({ roomId: params.roomId, joined: true, memberCount: 2 });
      expect((await world.ok(bob, "getInvite", { params: { token } })).joined).toBe(true);
      expect((await world.call(null, "acceptInvite", { params: { token } })).code).toBe("auth.required");
      expect(await accept(world.person("Gus", "guest"), token)).toBe("room.guests_not_allowed");
      expect((await world.call(null, "getInvite", { params: { token: "guess" } })).code).toBe("invite.not_found");
    });

    it("counts a person once, however often they accept at once", async () => {
      const { token } = await invite({ maxUses: 2 });
      expect(new Set(await Promise.all([1, 2, 3, 4, 5].map(() => accept(bob, token))))).toEqual(new Set(["joined"]));
      expect(await accept(ada, token)).toBe("joined");
      expect(await uses()).toEqual([1]);
    });

    it("never lets in more than may use it, and leaves no member behind of those refused", async () => {
      const { token } = await invite({ maxUses: 3 });
      const people = Array.from({ length: 12 }, (_, index) => world.person(`Nr${index}`));
      const results = await Promise.all(people.map((person) => accept(person, token)));
      expect(results.filter((result) => result === "joined")).toHaveLength(3);
      expect(results.filter((result) => result === "invite.expired")).toHaveLength(9);
      expect((await world.ok(ada, "listMembers", { params })).members).toHaveLength(4);
      const [row] = await world.database.tables<ChatTables>().selectFrom("invites").select("uses").execute();
      expect(row?.uses).toBe(3);
      expect(await uses()).toEqual([]);
    });

    it("ends by time and by being revoked; a member keeps seeing the room", async () => {
      const { token } = await invite({ expiresInSeconds: 60 });
      await accept(bob, token);
      expect(await world.chat.inviteValid(token)).toBe(true);
      world.clock.pass(60_001);
      expect(await world.chat.inviteValid(token)).toBe(false);
      expect(await accept(world.person("Cyd"), token)).toBe("invite.expired");
      expect(await accept(bob, token)).toBe("joined");

      const second = await invite();
      const revoke = { params: { ...params, inviteId: second.inviteId } };
      await world.ok(ada, "revokeInvite", revoke);
      expect((await world.call(ada, "revokeInvite", revoke)).code).toBe("invite.not_found");
      expect(await accept(world.person("Dan"), second.token)).toBe("invite.not_found");
      expect(await world.chat.inviteValid(second.token)).toBe(false);
      expect(await world.chat.inviteValid("guess")).toBe(false);
      expect(await world.audited()).toEqual(["invite.revoked", "invite.created", "invite.created", "room.created"]);
    });

    it("is for those who moderate the room, and of no use to the banned", async () => {
      const { token, inviteId } = await invite();
      await accept(bob, token);
      const codes = [
        await world.call(bob, "createInvite", { params, body: {} }),
        await world.call(bob, "listInvites", { params }),
        await world.call(bob, "revokeInvite", { params: { ...params, inviteId } }),
      ].map((reply) => reply.code);
      expect(codes).toEqual(["room.forbidden", "room.forbidden", "room.forbidden"]);
      const stranger = world.person("Mo", "moderator");
      expect((await world.call(stranger, "listInvites", { params })).code).toBe("room.not_found");
      await world.ok(ada, "banMember", { params, body: { accountId: bob.accountId } });
      expect(await accept(bob, token)).toBe("member.banned");
    });
  });
});
