import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Deed, RoomModel, reader, roomView } from "../test/support/room.model.ts";
import { type RoomEvent, reduceRoom } from "./room.reducer.ts";
import { emptyRoom, type RoomState } from "./room.state.ts";
import { totals } from "./room.tally.ts";

const deed: fc.Arbitrary<Deed> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant("create" as const), author: fc.nat(3), mentions: fc.boolean() }),
  },
  fc.record({ kind: fc.constant("edit" as const), target: fc.nat(60), mentions: fc.boolean() }),
  fc.record({ kind: fc.constant("delete" as const), target: fc.nat(60) }),
  fc.record({ kind: fc.constant("react" as const), target: fc.nat(60) }),
);
const deeds = fc.array(deed, { minLength: 1, maxLength: 80 });

function run(state: RoomState, ...events: RoomEvent[]): RoomState {
  return events.reduce(reduceRoom, state);
}

function live(model: RoomModel, version: number): RoomEvent {
  const change = model.changes[version - 1];
  if (!change) throw new Error(`no change ${version}`);
  return { type: "messages", messages: [change], offset: version, self: reader };
}

function subscribed(model: RoomModel, options: Parameters<RoomModel["subscribe"]>[0] = {}): RoomEvent {
  return { type: "subscribed", data: model.subscribe(options), resumed: options.since !== undefined, self: reader };
}

function numbers(from: number, to: number): number[] {
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, index) => from + index);
}

/** What a fresh fetch gives from the window's first message on. */
function fresh(model: RoomModel, state: RoomState) {
  const first = state.messages[0]?.offset ?? 0;
  return model.at().filter((message) => message.offset >= first);
}

describe("the window", () => {
  test("frames in any order, and any of them twice, give what a fresh fetch gives", () => {
    fc.assert(
      fc.property(
        deeds,
        fc.nat(),
        fc.integer({ min: 1, max: 20 }),
        fc.infiniteStream(fc.nat()),
        (list, cut, limit, random) => {
          const model = new RoomModel(list);
          const at = cut % (model.head + 1);
          const rest = numbers(at + 1, model.head);
          const [, ...picks] = [0, ...random.take(rest.length * 2)];
          const doubled = [...rest, ...rest.filter((_, index) => (picks[index] ?? 0) % 3 === 0)];
          const order = doubled
            .map((version, index) => ({ version, key: (picks[index] ?? 0) % 1_000 }))
            .sort((a, b) => a.key - b.key)
            .map(({ version }) => live(model, version));
          const state = run(emptyRoom, { type: "subscribing" }, subscribed(model, { at, limit }), ...order);
          // A room whose first page was whole shows everything; else everything from the page's first message on.
          expect(state.messages).toEqual(state.hasOlder ? fresh(model, state) : model.at());
          expect(state.offset).toBe(model.head);
        },
      ),
      { numRuns: 300 },
    );
  });

  test("resuming from any place gives what a fresh fetch gives, whatever was lost or refused meanwhile", () => {
    fc.assert(
      fc.property(
        deeds,
        fc.array(fc.record({ at: fc.nat(80), heard: fc.nat(80), recoverable: fc.boolean() })),
        (list, drops) => {
          const model = new RoomModel(list);
          let at = 0;
          let state = run(emptyRoom, { type: "subscribing" }, subscribed(model, { at: 0 }));
          for (const drop of drops) {
            const reached = Math.min(model.head, at + drop.heard);
            state = run(state, ...numbers(at + 1, reached).map((v) => live(model, v)), { type: "offline" });
            at = Math.min(model.head, Math.max(reached, drop.at));
            const since = { epoch: model.epoch, offset: state.offset };
            state = run(state, subscribed(model, { at, since, recoverable: drop.recoverable, limit: 10 }));
          }
          state = run(state, ...numbers(at + 1, model.head).map((v) => live(model, v)));
          expect(state.messages).toEqual(state.hasOlder ? fresh(model, state) : model.at());
        },
      ),
      { numRuns: 300 },
    );
  });

  test("a page that was fetched before changes and arrives after them does not undo them", () => {
    const move = fc.record({
      kind: fc.constantFrom("older" as const, "newer" as const, "jump" as const, "latest" as const),
      place: fc.nat(80),
      late: fc.nat(8),
    });
    fc.assert(
      fc.property(deeds, fc.array(move, { maxLength: 12 }), (list, moves) => {
        const model = new RoomModel(list);
        let at = Math.floor(model.head / 2);
        let state = run(emptyRoom, { type: "subscribing" }, subscribed(model, { at, limit: 3 }));
        for (const { kind, place, late } of moves) {
          const { windowId, messages } = state;
          const edge = { older: { before: messages[0]?.offset ?? 0 }, newer: { after: messages.at(-1)?.offset ?? 0 } };
          const query = kind === "jump" ? { around: place } : kind === "latest" ? {} : edge[kind];
          const page = model.page({ ...query, limit: 3 }, at);
          const reached = Math.min(model.head, at + late);
          state = run(state, ...numbers(at + 1, reached).map((v) => live(model, v)));
          at = reached;
          if (kind === "older" && !state.hasOlder) continue;
          if (kind === "newer" && !state.hasNewer) continue;
          if (page.messages.length === 0) continue;
          const side = kind === "older" || kind === "newer" ? kind : "elsewhere";
          state = run(state, {
            type: "page",
            place: side,
            windowId: side === "elsewhere" ? state.windowId : windowId,
            page,
          });
          const [first, last] = [state.messages[0]?.offset ?? 0, state.messages.at(-1)?.offset ?? 0];
          const truth = model.at(at).filter((m) => m.offset >= first && (state.hasNewer ? m.offset <= last : true));
          expect(state.messages).toEqual(truth);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("away from the newest messages, new ones wait and the window says so", () => {
    const model = new RoomModel(Array.from({ length: 30 }, () => ({ kind: "create", author: 1, mentions: false })));
    let state = run(emptyRoom, { type: "subscribing" }, subscribed(model, { at: 28, limit: 5 }));
    state = run(state, {
      type: "page",
      place: "elsewhere",
      windowId: state.windowId,
      page: model.page({ around: 10, limit: 5 }, 28),
    });
    const before = state.messages;
    state = run(state, live(model, 29), live(model, 30));
    expect(state.messages).toEqual(before);
    expect(state.hasNewer).toBe(true);
    state = run(state, {
      type: "page",
      place: "newer",
      windowId: state.windowId,
      page: model.page({ after: 12, limit: 16 }, 28),
    });
    // The page ended at 28, and what came in live since then goes on from there.
    expect(state.messages.map((m) => m.offset)).toEqual(numbers(8, 30));
    expect(state.hasNewer).toBe(false);
  });

  test("another epoch replaces everything, even by lower versions", () => {
    const old = new RoomModel(Array.from({ length: 9 }, () => ({ kind: "create", author: 1, mentions: false })));
    const restored = new RoomModel([{ kind: "create", author: 2, mentions: false }], "e2");
    const state = run(
      emptyRoom,
      { type: "subscribing" },
      subscribed(old),
      { type: "offline" },
      subscribed(restored, { since: { epoch: "e1", offset: 9 } }),
    );
    expect(state.messages).toEqual(restored.at());
    expect([state.epoch, state.offset, totals(state.tally).unread]).toEqual(["e2", 1, 1]);
  });

  test("a window that follows a busy room stays bounded and says that there is more before it", () => {
    const model = new RoomModel(Array.from({ length: 3_000 }, () => ({ kind: "create", author: 1, mentions: false })));
    const bundles = numbers(0, 59).map((bundle): RoomEvent => {
      const messages = model.changes.slice(bundle * 50, bundle * 50 + 50);
      return { type: "messages", messages, offset: bundle * 50 + 50, self: reader };
    });
    const state = run(emptyRoom, { type: "subscribing" }, subscribed(model, { at: 0 }), ...bundles);
    expect(state.messages.length).toBeLessThanOrEqual(1_200);
    expect(state.messages.at(-1)?.offset).toBe(3_000);
    expect(state.messages).toEqual(fresh(model, state));
    expect(state.hasOlder).toBe(true);
  });
});

describe("unread counts", () => {
  test("follow the server's own count through live frames, marks and resumes", () => {
    const step = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant("hear" as const), count: fc.integer({ min: 1, max: 10 }) }),
      },
      fc.record({ kind: fc.constant("read" as const), back: fc.nat(6) }),
      fc.record({ kind: fc.constant("elsewhere" as const), back: fc.nat(6) }),
      fc.record({ kind: fc.constant("resume" as const), missed: fc.nat(6) }),
    );
    fc.assert(
      fc.property(deeds, fc.array(step, { maxLength: 20 }), (list, steps) => {
        const model = new RoomModel(list);
        let at = 0;
        let readOffset = 0;
        let state = run(emptyRoom, { type: "subscribing" }, subscribed(model, { at }));
        const hear = (to: number) => {
          state = run(state, ...numbers(at + 1, to).map((v) => live(model, v)));
          at = to;
        };
        for (const step of steps) {
          if (step.kind === "hear") hear(Math.min(model.head, at + step.count));
          else if (step.kind === "resume") {
            at = Math.min(model.head, at + step.missed);
            const since = { epoch: model.epoch, offset: state.offset };
            state = run(state, { type: "offline" }, subscribed(model, { at, since, readOffset }));
          } else {
            readOffset = Math.max(readOffset, at - step.back);
            if (step.kind === "read") state = run(state, { type: "marked", offset: readOffset });
            // The server counts, and what was committed after that reaches the client before the count does.
            const countedAt = at;
            hear(Math.min(model.head, at + step.back));
            state = run(state, { type: "counted", readOffset, ...model.unread(readOffset, countedAt), at: countedAt });
          }
          expect(totals(state.tally)).toEqual(model.unread(readOffset, at));
        }
      }),
      { numRuns: 500 },
    );
  });

  test("stop at 100, and a room that is never read costs no memory", () => {
    const model = new RoomModel(Array.from({ length: 1_000 }, () => ({ kind: "create", author: 1, mentions: true })));
    const state = run(
      emptyRoom,
      { type: "subscribing" },
      subscribed(model, { at: 0 }),
      ...numbers(1, 1_000).map((v) => live(model, v)),
    );
    expect(totals(state.tally)).toEqual({ unread: 100, mentions: 100 });
    expect(state.tally.deltas.length).toBeLessThanOrEqual(200);
  });

  test("are not kept for a room that one only looks at", () => {
    const model = new RoomModel([{ kind: "create", author: 1, mentions: true }]);
    const event = subscribed(model, { at: 0 });
    if (event.type === "subscribed") event.data.room.joined = false;
    expect(totals(run(emptyRoom, { type: "subscribing" }, event, live(model, 1)).tally)).toEqual({
      unread: 0,
      mentions: 0,
    });
  });
});

test("a room that is reopened loses the time of its archiving", () => {
  const changed = (archivedAt?: string): RoomEvent => ({
    type: "changed",
    frame: {
      type: "room",
      roomId: "r",
      change: "settings",
      room: { ...roomView({}), ...(archivedAt === undefined ? {} : { archivedAt }) },
    },
    self: reader,
  });
  const archived = run(
    emptyRoom,
    { type: "subscribing" },
    subscribed(new RoomModel([])),
    changed("2026-11-20T00:00:00.000Z"),
  );
  expect(archived.room?.archivedAt).toBeDefined();
  expect(run(archived, changed()).room?.archivedAt).toBeUndefined();
});

describe("presence and typing", () => {
  const profile = (accountId: string) => ({ accountId, handle: accountId, displayName: accountId });
  const model = new RoomModel([{ kind: "create", author: 1, mentions: false }]);
  const start = run(emptyRoom, { type: "subscribing" }, subscribed(model, { at: 0 }));

  test("differences add up, and a room that grows large is counts alone", () => {
    const frame = { type: "presence" as const, roomId: "r" };
    let state: RoomState = { ...start, presence: { count: 1, accounts: [profile("a")] } };
    state = run(state, { type: "present", frame: { ...frame, count: 2, joined: [profile("b"), profile("a")] } });
    state = run(state, { type: "present", frame: { ...frame, count: 1, left: ["a"] } });
    expect(state.presence).toEqual({ count: 1, accounts: [profile("b")] });
    state = run(state, { type: "present", frame: { ...frame, count: 201 } });
    expect(state.presence).toEqual({ count: 201 });
  });

  test("typing ends with the message, or after its time", () => {
    const typing = (accountId: string, until: number): RoomEvent => ({
      type: "typing",
      profile: profile(accountId),
      until,
    });
    const state = run(start, typing("other-1", 10), typing("x", 20), typing("y", 30));
    expect(run(state, live(model, 1)).typing.map((t) => t.profile.accountId)).toEqual(["x", "y"]);
    expect(run(state, { type: "quiet", now: 20 }).typing.map((t) => t.profile.accountId)).toEqual(["y"]);
  });
});
