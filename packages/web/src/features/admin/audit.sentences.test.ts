import { describe, expect, it } from "vitest";
import { actionName, auditSentence, knownActions } from "./audit.sentences.ts";

const id = "0192aaaa-0000-7000-8000-000000000000";
const ada = { accountId: id, handle: "ada", displayName: "Ada" };
const rooms = new Map([["general", "general"]]);
const account = { kind: "account", id: "0192bbbb-0000-7000-8000-000000000000", name: "Max" };

describe("auditSentence", () => {
  it("reads a known action with its details and its room", () => {
    const entry = {
      action: "member.timed_out",
      actor: ada,
      subject: account,
      details: { seconds: 600, roomId: "general" },
    };
    expect(auditSentence(entry, rooms)).toBe("timed out Max for 10 minutes in general");
    expect(auditSentence(entry)).toBe("timed out Max for 10 minutes");
  });

  it("tells bans with their length and addresses", () => {
    const details = { seconds: null, addresses: 2, roomId: "general" };
    expect(auditSentence({ action: "member.banned", actor: ada, subject: account, details }, rooms)).toBe(
      "banned Max from general, with their addresses",
    );
    expect(
      auditSentence({ action: "account.banned", actor: ada, subject: account, details: { seconds: 86_400 } }),
    ).toBe("banned Max from the server for 1 day");
  });

  it("says who took the vault along, and what was read in", () => {
    const subject = { kind: "server", id: "" };
    const said = (action: string, details: Record<string, string | number>) =>
      auditSentence({ action, actor: ada, subject, details });
    expect(said("vault.exported", { links: 12, by: "owner" })).toBe(
      "took all credentials of the vault along (12 links)",
    );
    expect(said("vault.exported", { links: 1 })).toBe("took all credentials of the vault along (1 link)");
    expect(said("vault.imported", { added: 2, updated: 5 })).toBe(
      "read credentials into the vault: 2 added, 5 updated",
    );
    expect(said("link.added", { provider: "twitch", by: "import" })).toBe("read in the link of an account at Twitch");
    expect(said("link.added", { provider: "twitch" })).toBe("linked an account at Twitch");
  });

  it("says what was denied, and what the vault could not do", () => {
    const subject = { kind: "server", id: "" };
    const denied = { reason: "auth.forbidden", route: "/api/admin/audit" };
    expect(auditSentence({ action: "access.denied", actor: ada, subject, details: denied })).toBe(
      "tried what they may not do: /api/admin/audit (auth.forbidden)",
    );
    const failed = { operation: "open", reason: "key_lost" };
    expect(auditSentence({ action: "vault.failed", actor: null, subject, details: failed })).toBe(
      "could not open a secret in the vault (key_lost)",
    );
  });

  it("names the fields of a room that changed", () => {
    const entry = {
      action: "room.updated",
      actor: ada,
      subject: { kind: "room", id: "general" },
      details: { changed: "guests name topic" },
    };
    expect(auditSentence(entry, rooms)).toBe("changed what guests may do, the name, and the topic of general");
  });

  it("says of oneself what was done to oneself", () => {
    const entry = { action: "account.created", actor: ada, subject: { kind: "account", id, name: "Ada" } };
    expect(auditSentence({ ...entry, details: { role: "owner" } })).toBe("signed up as the owner");
    expect(auditSentence({ ...entry, actor: null, details: {} })).toBe("created the account of Ada");
  });

  it("quotes the words of an unknown action", () => {
    const entry = { action: "call_group.force_closed", actor: ada, subject: { kind: "call", id }, details: {} };
    expect(auditSentence(entry)).toBe("did “call group force closed” on call 0192aaaa…");
  });

  it("makes a sentence of every known action even without details", () => {
    for (const action of knownActions) {
      expect(auditSentence({ action, actor: ada, subject: account, details: {} })).not.toMatch(/undefined|NaN|null/);
    }
  });
});

describe("actionName", () => {
  it("reads as words", () => {
    expect(actionName("member.timed_out")).toBe("Member timed out");
  });
});
