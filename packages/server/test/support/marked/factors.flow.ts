import { createHmac } from "node:crypto";
import type { Problem } from "@foyer/protocol";
import { expect } from "vitest";
import type { MarkedWorld } from "./marked.world.ts";

const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** The code that an authenticator app with this base32 secret shows at `now` (milliseconds since 1970). */
export function appCode(secret: string, now: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(now / 30_000)));
  const digest = createHmac("sha1", fromBase32(secret)).update(counter).digest();
  const at = (digest.at(-1) ?? 0) & 15;
  return String((digest.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

function fromBase32(text: string): Buffer {
  const bits = [...text.replaceAll("=", "")]
    .map((letter) => letters.indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}

/** Turns an authenticator app on, with a wrong code first. Returns its recovery codes; all of it is noted. */
export async function turnAppOn({ asker, search }: MarkedWorld, handle: string, token: string) {
  const { secret } = await asker.good("startTotp", { as: token });
  search.note(`seed of ${handle}`, secret);
  search.note(`seed of ${handle}, bytes`, fromBase32(secret));
  expect(await asker.refusal("confirmTotp", { as: token, body: { code: "000000" } })).toBe(
    "auth.second_factor_invalid",
  );
  const { recoveryCodes = [] } = await asker.good("confirmTotp", {
    as: token,
    body: { code: appCode(secret, Date.now()) },
  });
  noteCodes(search, handle, recoveryCodes);
  return { secret, recoveryCodes };
}

function noteCodes(search: MarkedWorld["search"], name: string, codes: readonly string[]): void {
  for (const [at, code] of codes.entries()) {
    search.note(`recovery code ${at} of ${name}`, code);
    search.note(`recovery code ${at} of ${name}, without dashes`, code.replaceAll("-", ""));
  }
}

/** Bo proves who he is, guards the account by an app and recovery codes, and signs in by them, well and ill. */
export async function guardByApp(world: MarkedWorld) {
  const { asker, search, person, password, noteToken } = world;
  const own = { login: "bo", password: person("bo").password };
  const fresh = await asker.good("login", { body: own });
  noteToken("session before a step-up", fresh.token);
  const proven = await asker.good("stepUp", { as: fresh.token, body: { password: own.password } });
  noteToken("session after a step-up", proven.token);
  const { token } = proven;
  for (const proof of [{ password: password("wrong, for a step-up") }, { recoveryCode: search.make("bad code") }]) {
    await asker.refusal("stepUp", { as: token, body: proof });
  }
  const { secret, recoveryCodes } = await turnAppOn(world, "bo", token);

  const pendingOf = async () => {
    const { text } = await asker.call("login", { body: own });
    const { pending = "" } = JSON.parse(text) as Problem;
    search.note(`pending sign-in ${pending.slice(0, 6)}`, pending);
    return pending;
  };
  const pending = await pendingOf();
  const complete = (body: object) => asker.refusal("completeSignIn", { body: { pending, ...body } });
  expect(await complete({ totp: "000000" })).toBe("auth.second_factor_invalid");
  expect(await complete({ recoveryCode: search.make("bad recovery code").slice(0, 20) })).toBe(
    "auth.second_factor_invalid",
  );
  expect(await complete({ totp: search.make("as a code") })).toBe("request.invalid");
  const second = await asker.good("completeSignIn", { body: { pending, recoveryCode: recoveryCodes[0] } });
  noteToken("session by a recovery code", second.token);
  await asker.refusal("completeSignIn", { body: { pending, recoveryCode: recoveryCodes[1] } });
  // The next step, which a clock that goes wrong may show already.
  const totp = appCode(secret, Date.now() + 30_000);
  const third = await asker.good("completeSignIn", { body: { pending: await pendingOf(), totp } });
  noteToken("session by an app", third.token);
  expect(await asker.refusal("login", { body: { ...own, totp } })).toBe("auth.second_factor_invalid");
  const stepped = await asker.good("stepUp", { as: third.token, body: { recoveryCode: recoveryCodes[2] } });
  noteToken("session after a step-up by code", stepped.token);
  const renewed = await asker.good("renewRecoveryCodes", { as: stepped.token });
  noteCodes(search, "bo, renewed", renewed.recoveryCodes);
  person("bo").token = stepped.token;
}
