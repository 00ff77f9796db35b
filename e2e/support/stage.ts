import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContextOptions } from "playwright-core";
import { afterAll, afterEach, beforeEach, expect } from "vitest";
import { type Person, password, registerPerson } from "../../packages/server/test/support/people.ts";
import { startBrowser } from "./browser.ts";
import type { StageServer } from "./servers.ts";
import { openVisitor, type Visitor, type WatchedVisitor } from "./visitor.ts";

const failures = join(import.meta.dirname, "../../.tmp/e2e");

/**
 * A server, a browser, and whoever comes. Everything is ended after the file's tests. The scenarios of a file share the
 * server, but none may need what another left on it: after one that failed the next, or its next try, begins on an empty
 * server.
 */
export interface Stage<Server extends StageServer = StageServer> {
  readonly server: Server;
  /** Somebody who is not signed in. */
  visitor(options?: BrowserContextOptions): Promise<Visitor>;
  /** The account of this handle, made when it is first asked for, without a window. */
  person(handle: string): Promise<Person>;
  /** A window in which `person` is signed in. */
  enter(person: Person, options?: BrowserContextOptions): Promise<Visitor>;
  /** Lets something be made once for each server, when it is first asked for. */
  once<Thing>(make: () => Promise<Thing>): () => Promise<Thing>;
}

/** How a stage begins. */
export interface StageOptions {
  /** Handle of the account that owns the server and is made before all others; null: the scenarios see to it. */
  owner?: string | null;
}

export const desktop = { width: 1440, height: 900 };
export const phone = { width: 390, height: 844 };

/** Registers the hooks of a file and gives what its tests play with. Faults in any window fail the test. */
export function createStage<Server extends StageServer>(
  start: () => Promise<Server>,
  { owner = "ada" }: StageOptions = {},
): Stage<Server> {
  let browser: Browser | undefined;
  let server: Server | undefined;
  const visitors: WatchedVisitor[] = [];
  const made = new Map<unknown, Promise<unknown>>();

  // In each test's turn, so that a start that fails is tried again with the test.
  beforeEach(async () => {
    [browser, server] = await Promise.all([
      browser?.isConnected() === true ? browser : startBrowser(),
      server ?? start(),
    ]);
  });
  afterEach(async ({ task }) => {
    const leaving = visitors.splice(0);
    const failed = task.result?.state === "fail";
    for (const [index, { page }] of leaving.entries()) {
      if (!failed) continue;
      mkdirSync(failures, { recursive: true });
      const name = `${task.name.replace(/\W+/g, "-").slice(0, 60)}-try-${(task.result?.retryCount ?? 0) + 1}`;
      await page.screenshot({ path: join(failures, `${name}-${index}.png`) }).catch(() => undefined);
    }
    for (const { context } of leaving) await context.close();
    const faults = leaving.flatMap((visitor) => visitor.faults());
    if (failed || faults.length > 0) await clear();
    expect(faults, "what the windows complained about").toEqual([]);
  });
  afterAll(async () => {
    await browser?.close();
    await clear();
  });

  async function clear(): Promise<void> {
    const ending = server;
    server = undefined;
    made.clear();
    await ending?.dispose();
  }

  async function visitor(options: BrowserContextOptions = {}): Promise<Visitor> {
    if (browser === undefined) throw new Error("the browser is not up yet");
    const opened = await openVisitor(browser, { viewport: desktop, baseURL: stage.server.origin, ...options });
    visitors.push(opened);
    return opened;
  }

  function remember<Thing>(key: unknown, make: () => Promise<Thing>): Promise<Thing> {
    const known = (made.get(key) as Promise<Thing> | undefined) ?? make();
    made.set(key, known);
    return known;
  }

  const stage: Stage<Server> = {
    get server() {
      if (server === undefined) throw new Error("the server is not up yet");
      return server;
    },
    visitor,
    async person(handle) {
      if (owner !== null && handle !== owner) await stage.person(owner);
      return remember(`person ${handle}`, () => registerPerson(stage.server.origin, handle));
    },
    async enter(person, options = {}) {
      const entering = await visitor(options);
      const answer = await entering.context.request.post("/api/auth/login", {
        data: { login: person.account.handle, password },
      });
      expect(answer.status()).toBe(200);
      return entering;
    },
    once: (make) => () => remember(make, make),
  };
  return stage;
}
