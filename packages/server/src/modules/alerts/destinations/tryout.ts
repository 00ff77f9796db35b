import type { AlertTemplate, RenderedMessage, TemplatePreview } from "@foyer/protocol";
import type { Clock, Ids } from "../../../platform/clock/clock.ts";
import type { Broadcaster, Stream } from "../alerts.types.ts";
import { defaultTemplate } from "../templates/template.defaults.ts";
import { exampleContext } from "../templates/template.example.ts";
import { renderAlert } from "../templates/template.render.ts";
import type { TemplateContext } from "../templates/template.values.ts";
import type { DestinationRecord } from "./destinations.store.ts";
import type { Announcement } from "./sender.port.ts";

export interface TryoutDeps {
  /** A broadcaster that the guild announces, with the newest stream that is known. */
  newestStream(
    guildId: string,
    broadcasterId: string | undefined,
  ): Promise<{ broadcaster: Broadcaster; stream: Stream | undefined } | undefined>;
  /** The template of a guild; null: Foyer's own. */
  guildTemplate(guildId: string): Promise<AlertTemplate | null>;
  ownDevices(accountId: string): Promise<string[]>;
  clock: Clock;
  ids: Ids;
}

/** How an alert would look, and would be sent, without anybody being live. */
export interface Tryout {
  announcement(record: DestinationRecord, guildName: string): Promise<Announcement>;
  preview(wanted: {
    guildId: string;
    guildName: string;
    record: DestinationRecord | undefined;
    template: AlertTemplate | null;
    streamerId: string | undefined;
  }): Promise<TemplatePreview>;
  /** Devices of the one who tests: nobody else's phone rings for it. */
  ownDevices(accountId: string): Promise<string[]>;
}

export function createTryout({ newestStream, guildTemplate, ownDevices, clock, ids }: TryoutDeps): Tryout {
  async function contextOf(
    guildId: string,
    guildName: string,
    stage: "live" | "ended",
    broadcasterId?: string,
  ): Promise<TemplateContext> {
    const example = exampleContext(guildName, clock.now(), stage);
    const found = await newestStream(guildId, broadcasterId);
    if (found === undefined) return example;
    const { broadcaster, stream } = found;
    const { endedAt, startedAt } = stream ?? example.stream;
    return {
      ...example,
      broadcaster,
      stream: {
        ...(stream ?? example.stream),
        state: stage,
        endedAt: stage === "ended" ? (endedAt ?? clock.now()) : null,
        startedAt,
      },
    };
  }

  return {
    ownDevices,

    async announcement(record, guildName) {
      const { guildId, kind } = record;
      const context = await contextOf(guildId, guildName, "live");
      const template = record.template ?? (await guildTemplate(guildId)) ?? defaultTemplate;
      const message = renderAlert(template, "live", context, kind === "room" ? "room" : "discord");
      return {
        deliveryId: ids.uuid(),
        revision: 1,
        stage: "live",
        test: true,
        broadcaster: context.broadcaster,
        stream: context.stream,
        message: labelled(message),
        mentionRoleId: null,
        uncertainSince: null,
      };
    },

    async preview({ guildId, guildName, record, template, streamerId }) {
      const used = template ?? record?.template ?? (await guildTemplate(guildId)) ?? defaultTemplate;
      const [live, ended] = await Promise.all([
        contextOf(guildId, guildName, "live", streamerId),
        contextOf(guildId, guildName, "ended", streamerId),
      ]);
      const dialect = record?.kind === "room" ? "room" : "discord";
      return { live: renderAlert(used, "live", live, dialect), recap: renderAlert(used, "ended", ended, dialect) };
    },
  };
}

/** Nobody shall take a test for a stream. */
function labelled(message: RenderedMessage): RenderedMessage {
  const content = `Test: ${message.content}`.trim();
  return { ...message, content: content.slice(0, 2000) };
}
