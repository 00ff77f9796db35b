import { greenRoom, type Outside } from "./outside.ts";
import type { House } from "./rooms.ts";

/** Does one part of setting up. What cannot be done is noted, and the rest goes on. */
export type Part = (name: string, work: () => Promise<void>) => Promise<void>;

/** Links accounts, connects a Discord server, adds broadcasters and where their alerts go. */
export async function setUpAlerts(url: string, house: House, outside: Outside, part: Part): Promise<void> {
  const { ada, grace, stageRoomId } = house;
  const { discord, push, receiver } = outside;
  const inGuild = { guildId: greenRoom };
  const here = { guildId: "here" as const };

  await part("the links to Discord and Twitch", async () => {
    await ada.link("discord", "ada.d");
    await ada.link("twitch", "ada");
    await grace.link("discord", "grace.d");
  });
  await part("Discord's events", async () => {
    if (!(await discord.events.register(`${url}/webhooks/discord`))) throw new Error("Foyer does not take them");
  });
  await part("the Discord server", async () => {
    const [live = ""] = discord.world.guild(greenRoom).channels.keys();
    await ada.api.updateGuildConfig({ params: inGuild, body: { mention: { kind: "followers" } } });
    await ada.api.createDestination({ params: inGuild, body: { kind: "discord", name: "#live-now", channelId: live } });
  });
  await part("the room, the phones and the webhook", async () => {
    await ada.api.createDestination({ params: here, body: { kind: "room", name: "Live now", roomId: stageRoomId } });
    await ada.api.createDestination({ params: here, body: { kind: "push", name: "Phones" } });
    const hook = receiver.address("overlay");
    const made = await ada.api.createDestination({
      params: here,
      body: { kind: "webhook", name: "Overlay", url: hook },
    });
    receiver.expect("overlay", made.secret ?? "");
  });
  await part("the broadcasters", async () => {
    for (const login of ["ada", "bo_live"]) {
      for (const params of [inGuild, here]) await ada.api.addGuildStreamer({ params, body: { login } });
    }
  });
  await part("the phones", async () => {
    for (const [visitor, name] of [
      [ada, "Ada's phone"],
      [grace, "Grace's phone"],
    ] as const) {
      const { publicKey } = await visitor.api.getPushKey();
      const phone = push.subscribe({ name, senderKey: publicKey });
      await visitor.api.addPushDevice({ body: phone.json() });
    }
  });
  await part("what Grace wants to hear of", async () => {
    const { items } = await grace.api.getPreferences();
    for (const { guildId, streamer, discord: byDiscord } of items) {
      const params = { guildId, streamerId: streamer.streamerId };
      await grace.api.setPreference({ params, body: { push: true, ...(byDiscord === null ? {} : { discord: true }) } });
    }
  });
}

/** Lets one broadcaster have been live, so that there is a past: waits until that alert is in Discord. */
export async function haveBeenLive({ twitch, discord }: Outside, house: House, part: Part): Promise<void> {
  const [channelId = ""] = discord.world.guild(greenRoom).channels.keys();
  await part("Twitch's events", () =>
    eventually(15_000, async () => {
      const { items } = await house.ada.api.listStreamers();
      return items.length > 0 && items.every(({ hearing }) => hearing === "ok");
    }),
  );
  await part("a stream that is over", async () => {
    twitch.goLive("bo_live", { viewers: 34 });
    try {
      await discord.until(() => discord.messages(channelId).length > 0, 15_000, "the alert is in Discord");
    } finally {
      twitch.endStream("bo_live");
    }
    await discord.until(
      () => discord.messages(channelId).some(({ editedAt }) => editedAt !== null),
      15_000,
      "the alert has become a recap",
    );
  });
}

async function eventually(ms: number, look: () => Promise<boolean>): Promise<void> {
  const end = performance.now() + ms;
  while (!(await look())) {
    if (performance.now() > end) throw new Error(`not within ${ms / 1000} seconds`);
    await new Promise((resolve) => {
      setTimeout(resolve, 200);
    });
  }
}
