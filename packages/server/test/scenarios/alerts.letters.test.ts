import type { Destination } from "@foyer/protocol";
import { afterEach, expect, test, vi } from "vitest";
import { type AlertServices, guildId, setStage, startAlertServices } from "../support/alerts.stage.ts";
import { type MailServer, startMailServer } from "../support/mail.server.ts";
import { callEndpoint } from "../support/people.ts";
import { startTestServer, type TestServer } from "../support/test.server.ts";

let services: AlertServices;
let server: TestServer;
let mail: MailServer | undefined;
afterEach(async () => {
  await server.stop();
  await services.close();
  await mail?.stop();
  mail = undefined;
});

const until = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 30_000, interval: 50 });

/** A channel is deleted, and somebody goes live: what the pages then say of the destination. */
async function loseChannel(env: Record<string, string>) {
  services = await startAlertServices();
  server = await startTestServer({ env: { ...services.env, ...env } });
  const stage = await setStage(() => server.url, services, { channels: 2 });
  const [gone = ""] = stage.channels;
  return {
    stage,
    async lose(): Promise<Destination> {
      services.discord.world.deleteChannel(gone);
      services.twitch.goLive("ada", { title: "Nobody reads it there" });
      let found: Destination | undefined;
      await until(async () => {
        const { items } = (await stage.owner.call("listDestinations", [guildId])).body as { items: Destination[] };
        found = items.find(({ target }) => target === gone);
        expect(found).toMatchObject({ enabled: false, offReason: "channel_gone" });
      });
      return found as Destination;
    },
  };
}

test("who made a destination that was switched off gets one letter about it, with the way to its page", async () => {
  mail = await startMailServer();
  const { stage, lose } = await loseChannel({ SMTP_URL: mail.url, MAIL_FROM: "Foyer <foyer@chat.example>" });
  await stage.owner.call("updateProfile", [], { email: "owner@example.org" });
  const token = /#([\w-]{43})/.exec((await mail.letter(/verify-email/)).text)?.[1] ?? "";
  expect((await callEndpoint(server.url, "verifyEmail", { body: { token } })).status).toBe(200);
  const { name } = await lose();
  const letter = await mail.letter(/\/alerts\//);
  expect(letter.to).toEqual(["owner@example.org"]);
  expect(letter.text).toContain(`${server.url}/alerts/${guildId}/destinations`);
  expect(letter.text).toContain(name);
  // The other channel has its alert, and another stream brings no second letter.
  await until(async () => expect(services.discord.messages(stage.channels[1] ?? "")).toHaveLength(1));
  services.twitch.endStream("ada");
  services.twitch.changeChannel("ada", { title: "Later" });
  await until(async () =>
    expect(services.discord.messages(stage.channels[1] ?? "")[0]?.history.length).toBeGreaterThan(1),
  );
  expect(mail.letters.filter(({ text }) => text.includes("/alerts/"))).toHaveLength(1);
});

test("without a mail server the page and the audit trail say it", async () => {
  const { stage, lose } = await loseChannel({});
  const { destinationId } = await lose();
  await until(async () => {
    const { items } = (await stage.owner.call("listAudit")).body as { items: { action: string; subject: unknown }[] };
    expect(items).toContainEqual(
      expect.objectContaining({
        action: "destination.switched_off",
        subject: expect.objectContaining({ id: destinationId }) as unknown,
      }),
    );
  });
});
