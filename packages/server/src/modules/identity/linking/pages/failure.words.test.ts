import { errorCodes } from "@foyer/protocol";
import { expect, test } from "vitest";
import type { Intent } from "./failure.ways.ts";
import { failureOf } from "./failure.words.ts";

const home = "http://localhost:3000";
const at = (intent: Intent | undefined) => ({ provider: "twitch" as const, intent, home });
const signIn: Intent = { mode: "sign_in", returnTo: "/rooms/general", level: "chatbot" };
const link: Intent = { mode: "link", returnTo: "/settings/sign-in?linked=twitch", startedFrom: "/settings/sign-in" };
const paths = (code: (typeof errorCodes)[number], intent: Intent | undefined) =>
  failureOf({ code, detail: "What was wrong." }, at(intent)).ways.map(({ path }) => path);

/** Trying again cannot help with these. */
const final = [
  "sign_in.not_configured",
  "link.taken",
  "auth.registration_closed",
  "account.suspended",
  "request.invalid",
];

test("whatever goes wrong with a link leads back to where it began, never into a sign-in", () => {
  for (const code of errorCodes) expect([code, paths(code, link)]).toEqual([code, ["/settings/sign-in"]]);
});

test("a sign-in is tried again with the same wishes where that can help", () => {
  const again = "/auth/twitch?permission_level=chatbot&return_to=%2Frooms%2Fgeneral";
  for (const code of errorCodes) {
    const expected = final.includes(code) ? [] : code === "sign_in.email_in_use" ? [`${again}&separate=true`] : [again];
    expect([code, paths(code, signIn)]).toEqual([code, expected]);
  }
});

test("nobody knows what was wanted: both ways where trying again can help", () => {
  for (const code of errorCodes) {
    const expected = final.includes(code)
      ? []
      : code === "sign_in.email_in_use"
        ? ["/auth/twitch?separate=true"]
        : ["/auth/twitch", "/settings/sign-in"];
    expect([code, paths(code, undefined)]).toEqual([code, expected]);
  }
});

test("the other address is told to those alone who may be at the wrong one", () => {
  const text = (intent: Intent | undefined) => failureOf({ code: "sign_in.flow_invalid", detail: "Over." }, at(intent));
  expect(text(undefined).text).toContain(`another address than ${home}`);
  for (const intent of [signIn, link]) expect(text(intent).text).toBe("Over. Nothing was changed.");
});

test("a link that programs have begun leads back to their own page", () => {
  const { ways } = failureOf({ code: "sign_in.declined" }, at({ mode: "link", returnTo: "/bots/mine" }));
  expect(ways).toEqual([{ label: "Back to where you were", path: "/bots/mine" }]);
  expect(failureOf({ code: "sign_in.declined" }, at({ mode: "link" })).ways).toEqual([
    { label: "Back to the settings", path: "/settings/sign-in" },
  ]);
});
