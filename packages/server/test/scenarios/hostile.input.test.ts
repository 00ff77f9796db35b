import { request } from "node:http";
import { clientFrames, closeCodes, type ErrorCode, errorCodes, errorStatus } from "@foyer/protocol";
import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { hostileFrame, type KnownIds } from "../support/hostile.frames.ts";
import { type HostileRequest, hostileRequest } from "../support/hostile.requests.ts";
import { type Person, registerPerson } from "../support/people.ts";
import { type ServerProcess, startServerProcess, withoutLimits } from "../support/server.process.ts";
import { openWire, type Wire } from "../support/wire.ts";

const frameCount = 6_000;
const requestCount = 4_000;
const seed = 20_261_120;

/** The protocol's own codes, and what RFC 6455 has for text that is not text (1007) and frames that are too big (1009). */
const knownCloses = new Set<number>([...Object.values(closeCodes), 1003, 1007, 1009]);

/** How often each answer came: a test that only ever met the outermost door proves little. */
const answers = new Map<string, number>();
const count = (what: string): void => void answers.set(what, (answers.get(what) ?? 0) + 1);

let server: ServerProcess;
let owner: Person;
let member: Person;
let ids: KnownIds;

beforeAll(async () => {
  server = await startServerProcess({ env: withoutLimits });
  owner = await registerPerson(server.origin, "owner");
  member = await registerPerson(server.origin, "member");
  const victim = await registerPerson(server.origin, "victim");
  const wire = await openWire(server.origin, { token: member.token });
  const { messageId } = await wire.ask("sendMessage", { roomId: "general", message: "the first" });
  await wire.close();
  ids = { roomId: "general", messageId, accountId: victim.account.accountId };
});
afterAll(() => server.dispose());

/** Typing is never answered; whatever else reaches the server is. */
function isAnswered(text: string): boolean {
  try {
    return !clientFrames.typing.safeParse(JSON.parse(text)).success;
  } catch {
    return true;
  }
}

async function replyNumber(wire: Wire, wanted: number): Promise<void> {
  let seen = 0;
  const reply = await wire.find("reply", () => {
    seen += 1;
    return seen === wanted;
  });
  count(reply.ok ? `frame ok ${reply.action}` : `frame ${reply.error?.code}`);
  if (reply.ok) return;
  expect(errorCodes).toContain(reply.error?.code);
  expect(reply.error?.code, reply.error?.message).not.toBe("server.error");
}

/** Sends the frames one after another, each after the answer to the one before; reconnects when it is thrown out. */
async function sendAll(frames: readonly string[]): Promise<void> {
  let wire: Wire | undefined;
  let replies = 0;
  for (const text of frames) {
    if (wire === undefined) {
      wire = await openWire(server.origin, { token: member.token });
      replies = 0;
    }
    wire.text(text);
    if (!isAnswered(text)) continue;
    const answered: "reply" | number = await Promise.race([
      replyNumber(wire, replies + 1).then(() => "reply" as const),
      wire.closed.then(({ code }) => code),
    ]).catch((error: unknown) => {
      throw new Error(`no answer to ${JSON.stringify(text.slice(0, 300))}`, { cause: error });
    });
    if (answered === "reply") replies += 1;
    else {
      expect(knownCloses, `close code for ${text.slice(0, 300)}`).toContain(answered);
      wire = undefined;
    }
  }
  await wire?.close();
}

interface RawAnswer {
  status: number;
  type: string;
  text: string;
}

/** Not fetch: it would put paths and headers right before they leave. */
function send({ method, path, headers, body }: HostileRequest, token: string): Promise<RawAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<RawAnswer>();
  const { hostname, port } = new URL(server.origin);
  const sentBody = method === "GET" || method === "HEAD" ? undefined : body;
  const outgoing = request(
    {
      hostname,
      port,
      method,
      path: path.replace(/[^\x21-\x7e]/g, "%20"),
      headers: {
        ...headers,
        // Signing in with a session ends that session, and with it the test.
        ...(/^\/api\/auth\/(register|login|guest)/.test(path) ? {} : { authorization: `Bearer ${token}` }),
        ...(sentBody === undefined ? {} : { "content-length": Buffer.byteLength(sentBody) }),
      },
    },
    (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({
          status: response.statusCode ?? 0,
          type: response.headers["content-type"] ?? "",
          text: Buffer.concat(chunks).toString("utf8"),
        }),
      );
      response.on("error", reject);
    },
  );
  outgoing.on("error", reject);
  outgoing.end(sentBody);
  return promise;
}

function checkAnswer(sent: HostileRequest, { status, type, text }: RawAnswer): void {
  const about = `${sent.method} ${sent.path.slice(0, 200)} ${String(sent.body).slice(0, 300)} → ${status} ${text.slice(0, 200)}`;
  expect(status, about).toBeLessThan(500);
  if (status < 400) count(`request ${status}`);
  if (status < 400 || sent.method === "HEAD") return;
  expect(type, about).toContain("application/problem+json");
  const { code } = JSON.parse(text) as { code: ErrorCode };
  expect(errorCodes, about).toContain(code);
  expect(errorStatus[code], about).toBe(status);
  count(`request ${code}`);
}

/** Fails unless these answers came, each at least some times. */
function expectAnswers(...wanted: string[]): void {
  for (const what of wanted) expect(answers.get(what) ?? 0, `answers of the kind "${what}"`).toBeGreaterThan(4);
}

async function stillServes(): Promise<void> {
  const wire = await openWire(server.origin, { token: owner.token });
  const before = wire.frames.length;
  const { offset } = await wire.ask("sendMessage", { roomId: "general", message: "still here" });
  const echo = await wire.find("message", ({ message }) => message.offset === offset);
  expect(echo.message.message).toBe("still here");
  expect(wire.frames.length).toBeGreaterThan(before);
  await wire.close();
  expect(server.output()).not.toMatch(/unhandled|uncaught|"level":(50|60|"error"|"fatal")/i);
}

test(`${frameCount} hostile frames: each is answered by a stable code or a close code`, async () => {
  const frames = fc.sample(hostileFrame(ids), { seed, numRuns: frameCount });
  const lanes = 12;
  await Promise.all(
    Array.from({ length: lanes }, (_, lane) => sendAll(frames.filter((_, index) => index % lanes === lane))),
  );
  expectAnswers(
    "frame ok sendMessage",
    "frame ok subscribe",
    "frame ok history",
    "frame ok editMessage",
    "frame ok react",
  );
  expectAnswers(
    "frame request.malformed",
    "frame request.invalid",
    "frame request.unknown_action",
    "frame room.not_found",
  );
  await stillServes();
}, 180_000);

test(`${requestCount} hostile requests: each is answered, each error by a stable code`, async () => {
  const requests = fc.sample(hostileRequest(ids), { seed, numRuns: requestCount });
  const lanes = 8;
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      for (let index = lane; index < requests.length; index += lanes) {
        const sent = requests[index];
        // By turns as the owner, who may do everything, and as a member, who may not.
        if (sent !== undefined) checkAnswer(sent, await send(sent, index % 3 === 0 ? member.token : owner.token));
      }
    }),
  );
  expectAnswers("request 200", "request 201", "request 204", "request request.invalid", "request request.malformed");
  expectAnswers("request auth.forbidden", "request room.not_found", "request room.forbidden");
  // Whoever is thrown out early tests nothing after it.
  expect(answers.get("request auth.token_invalid") ?? 0).toBe(0);
  await stillServes();
}, 180_000);
