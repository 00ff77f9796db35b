import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type Browser, createBrowser, type Visit } from "../support/browser.ts";
import { type OutsideWorld, PASSWORD, startOutside } from "../support/outside.ts";

/** The buttons of a page, in their order: what they say and where they lead. */
function buttons({ text }: Visit): [label: string, path: string][] {
  return [...text.matchAll(/<a class="button(?: quiet)?" href="([^"]*)">([^<]*)<\/a>/g)].map(
    ([, path = "", label = ""]) => [label, path.replaceAll("&amp;", "&")],
  );
}

const title = ({ text }: Visit) => /<h1>([^<]*)<\/h1>/.exec(text)?.[1];
const HOME = ["Back to Foyer", "/"];

describe.each(["sqlite", "postgres"] as const)("what does not work out at a provider, on %s", (engine) => {
  let world: OutsideWorld;
  let home: string;
  beforeAll(async () => {
    world = await startOutside({ engine });
    home = world.server.url;
    await world.register(world.browser(), "owner");
  });
  afterEach(() => {
    for (const each of [world.twitch, world.discord, world.oidc]) each.clearFaults();
  });
  afterAll(() => world.stop());

  const startedFrom = "/settings/sign-in";
  const link = (browser: Browser, provider: string) =>
    browser.send("POST", `${home}/api/auth/links/${provider}`, {
      returnTo: `/settings/sign-in?linked=${provider}`,
      startedFrom,
    });
  /** Goes to Twitch to sign in, in a browser that nobody is signed in in. */
  async function signingIn(person: string, spoil: (address: URL) => void = () => undefined) {
    const browser = world.browser();
    const there = await browser.visit(
      `${home}/auth/twitch?permission_level=chatbot&return_to=${encodeURIComponent("/rooms/general?at=3")}`,
    );
    const address = new URL(await world.allow(browser, there.location, person));
    spoil(address);
    return { browser, address, page: await browser.visit(address.href) };
  }
  /** Goes to Twitch to link an account of it. */
  async function linking(handle: string, person: string, spoil: (address: URL) => void = () => undefined) {
    const browser = world.browser();
    const { accountId } = await world.register(browser, `${handle}-${engine}`);
    const { json } = await link(browser, "twitch");
    const address = new URL(await world.allow(browser, json.url, person));
    spoil(address);
    return { browser, accountId, address, page: await browser.visit(address.href) };
  }

  const again: [string, string] = [
    "Try again",
    "/auth/twitch?permission_level=chatbot&return_to=%2Frooms%2Fgeneral%3Fat%3D3",
  ];
  const settings: [string, string] = ["Back to the settings", startedFrom];
  const both: [string, string][] = [
    ["Sign in with Twitch", "/auth/twitch"],
    ["Link an account in the settings", "/settings/sign-in"],
  ];

  test("who says no tries again what they were doing: the same sign-in, or the link in the settings", async () => {
    const signIn = await signingIn("declines");
    expect([signIn.page.status, title(signIn.page)]).toEqual([403, "You were not signed in"]);
    expect(buttons(signIn.page)).toEqual([again, HOME]);
    // The way on is the whole wish: this time it is allowed, and the person is where they wanted to be.
    const there = await signIn.browser.visit(`${home}${again[1]}`);
    const back = await signIn.browser.visit(await world.allow(signIn.browser, there.location, `bo_live`));
    expect([back.status, back.location]).toEqual([303, "/rooms/general?at=3"]);

    const declined = await linking("declines", "declines");
    expect([declined.page.status, title(declined.page)]).toEqual([403, "The account was not linked"]);
    expect(buttons(declined.page)).toEqual([settings, HOME]);
    expect(declined.page.text).not.toContain("/auth/twitch");
    // Nobody was signed in, out, or made.
    const session = await declined.browser.visit(`${home}/api/auth/session`, { sameSite: true });
    expect(session.json.account.accountId).toBe(declined.accountId);
  });

  test("a raised permission level that was declined leads back to the settings, too", async () => {
    const browser = world.browser();
    await world.signIn(browser, "/auth/twitch?return_to=/", "nomail");
    const { json } = await browser.send("PUT", `${home}/api/auth/links/twitch/permission-level`, {
      permissionLevel: "moderator",
      startedFrom,
    });
    const page = await browser.visit(await world.allow(browser, json.authorize?.url, "declines"));
    expect([page.status, buttons(page)]).toEqual([403, [settings, HOME]]);
  });

  test("an answer that is not in order, and a provider that is away", async () => {
    const noCode = (address: URL) => address.searchParams.set("code", "made-up");
    const refused = await signingIn("ada", noCode);
    expect([refused.page.status, title(refused.page)]).toEqual([400, "This sign-in cannot go on"]);
    expect(buttons(refused.page)).toEqual([again, HOME]);
    const refusedLink = await linking("refused", "ada", noCode);
    expect([refusedLink.page.status, title(refusedLink.page)]).toEqual([400, "The account was not linked"]);
    expect(buttons(refusedLink.page)).toEqual([settings, HOME]);

    world.twitch.fault({ kind: "error", operation: "token" });
    const away = await signingIn("ada");
    expect([away.page.status, title(away.page)]).toEqual([503, "Please try again soon"]);
    expect(away.page.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(buttons(away.page)).toEqual([again, HOME]);
    const awayLink = await linking("away", "ada");
    expect([awayLink.page.status, buttons(awayLink.page)]).toEqual([503, [settings, HOME]]);
  });

  test("a link that is taken, and one whose session has ended meanwhile, lead to the settings", async () => {
    await world.signIn(world.browser(), "/auth/twitch?return_to=/", "ada");
    const taken = await linking("taken", "ada");
    expect([taken.page.status, title(taken.page)]).toEqual([409, "This account is taken"]);
    expect(buttons(taken.page)).toEqual([settings, HOME]);

    const browser = world.browser();
    await world.register(browser, `gone-${engine}`);
    const { json } = await link(browser, "discord");
    const address = await world.allow(browser, json.url, "ada.d");
    expect((await browser.send("POST", `${home}/api/auth/logout`)).status).toBe(204);
    const over = await browser.visit(address);
    expect([over.status, title(over)]).toEqual([400, "The account was not linked"]);
    expect(over.text).toContain("You were signed out meanwhile");
    expect(buttons(over)).toEqual([settings, HOME]);
  });

  test("an answer that was used already tells what it was for as long as the browser knows", async () => {
    const declined = await linking("used", "declines");
    const second = await declined.browser.visit(declined.address.href);
    expect([second.status, title(second), buttons(second)]).toEqual([
      400,
      "The account was not linked",
      [settings, HOME],
    ]);
  });

  test("where nothing is known of the way, both are offered, and the address that it works at", async () => {
    const { address } = await linking("lost", "declines");
    const stranger = await world.browser().visit(address.href);
    expect([stranger.status, title(stranger)]).toEqual([400, "This sign-in cannot go on"]);
    expect(stranger.text).toContain(`another address than ${home}, open that one`);
    expect(buttons(stranger)).toEqual([...both, HOME]);
    // A flow of another way to a provider tells nothing about this one.
    const other = world.browser();
    await world.register(other, `other-${engine}`);
    await link(other, "twitch");
    expect(buttons(await other.visit(address.href))).toEqual([...both, HOME]);
    // And nothing in the answer gets onto the page.
    const forged = new URL(address);
    forged.searchParams.set("state", `"><script>alert(1)</script>`);
    forged.searchParams.set("error_description", "<b>call this number</b>");
    const shown = await world.browser().visit(forged.href);
    expect(shown.text).not.toMatch(/<b>call|<script>/);
  });

  test("somebody with an address that is known here keeps their wishes when they make a separate account", async () => {
    await world.signIn(world.browser(), "/auth/twitch?return_to=/", "ada");
    const page = await world.signIn(world.browser(), "/auth/oidc?return_to=/rooms/general", "ada");
    expect([page.status, title(page)]).toEqual([409, "Is this you?"]);
    expect(buttons(page)).toEqual([
      ["Make a separate account", "/auth/oidc?return_to=%2Frooms%2Fgeneral&separate=true"],
      HOME,
    ]);
  });

  test("before anybody goes: a level that is not there has no way on, a limit has the same way again", async () => {
    const wrong = await world.browser().visit(`${home}/auth/twitch?permission_level=emperor&return_to=/`);
    expect([wrong.status, buttons(wrong)]).toEqual([400, [HOME]]);
    const absent = await world.browser().visit(`${home}/auth/cognito`);
    expect([absent.status, buttons(absent)]).toEqual([404, [HOME]]);
    const narrow = await startOutside({ engine, env: { LIMIT_SIGN_INS_PER_MINUTE: "1" } });
    try {
      const browser = narrow.browser();
      const path = "/auth/twitch?invite=an-invite&return_to=https%3A%2F%2Fevil.example";
      expect((await browser.visit(`${narrow.server.url}${path}`)).status).toBe(302);
      const limited = await browser.visit(`${narrow.server.url}${path}`);
      // What nobody may be sent to is not handed on.
      expect([limited.status, buttons(limited)]).toEqual([429, [["Try again", "/auth/twitch?invite=an-invite"], HOME]]);
    } finally {
      await narrow.stop();
    }
  });
});

describe.each(["sqlite", "postgres"] as const)("opened under another name of this machine, on %s", (engine) => {
  let world: OutsideWorld;
  let home: string;
  let other: string;
  beforeAll(async () => {
    world = await startOutside({ engine });
    home = world.server.url;
    other = home.replace("localhost", "127.0.0.1");
    await world.register(world.browser(), "owner");
  });
  afterAll(() => world.stop());

  test("a sign-in moves to the public address before it begins, with all that was asked for", async () => {
    const here = createBrowser(other);
    const moved = await here.visit(`${other}/auth/twitch?permission_level=chatbot&return_to=/rooms/general`);
    expect([moved.status, moved.location]).toEqual([
      302,
      `${home}/auth/twitch?permission_level=chatbot&return_to=/rooms/general`,
    ]);
    expect([...here.cookies().keys()]).toEqual([]);
    const there = createBrowser(home);
    const asked = await there.visit(moved.location ?? "");
    const back = await there.visit(await world.allow(there, asked.location, "ada"));
    expect([back.status, back.location]).toEqual([303, "/rooms/general"]);
    expect(there.cookies().has("foyer")).toBe(true);
  });

  test("a link says which address to open, and works there", async () => {
    const here = createBrowser(other);
    const registered = await here.send(
      "POST",
      `${other}/api/auth/register`,
      { handle: `bo-${engine}`, password: PASSWORD },
      { origin: other },
    );
    expect(registered.status).toBe(201);
    const body = { returnTo: "/settings/sign-in?linked=discord", startedFrom: "/settings/sign-in" };
    const refused = await here.send("POST", `${other}/api/auth/links/discord`, body);
    expect([refused.status, refused.json.code]).toEqual([409, "link.other_address"]);
    expect(refused.json.url).toBe(`${home}/settings/sign-in`);
    expect(refused.text).toContain(`Open ${home}/settings/sign-in`);
    expect([...here.cookies().keys()].filter((name) => name.includes("flow"))).toEqual([]);

    const there = createBrowser(home);
    const login = { login: `bo-${engine}`, password: PASSWORD };
    expect((await there.send("POST", `${home}/api/auth/login`, login)).status).toBe(200);
    const started = await there.send("POST", `${home}/api/auth/links/discord`, body);
    expect(started.status).toBe(201);
    const back = await there.visit(await world.allow(there, started.json.url, "ada.d"));
    expect([back.status, back.location]).toEqual([303, "/settings/sign-in?linked=discord"]);
    // Raising a level goes to the provider as well.
    const twitch = await there.send("POST", `${home}/api/auth/links/twitch`, body);
    await there.visit(await world.allow(there, twitch.json.url, "bo_live"));
    const again = createBrowser(other);
    await again.send("POST", `${other}/api/auth/login`, login, { origin: other });
    const raised = await again.send("PUT", `${other}/api/auth/links/twitch/permission-level`, {
      permissionLevel: "moderator",
    });
    expect([raised.json.code, raised.json.url]).toEqual(["link.other_address", `${home}/settings`]);
    // Lowering needs nobody outside, and works wherever it is done.
    const lowered = await again.send("PUT", `${other}/api/auth/links/twitch/permission-level`, {
      permissionLevel: "viewer",
    });
    expect(lowered.status).toBe(200);
  });
});
