import type {
  AlertTemplate,
  CreateDestinationBody,
  Destination,
  DestinationKind,
  MentionChoice,
  StreamerOverride,
  TemplatePreview,
  TestResult,
  UpdateDestinationBody,
} from "@foyer/protocol";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { Caller } from "../../../platform/caller/caller.ts";
import { type Clock, type Ids, isoTime } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import type { GuildAccess } from "../guilds/guild.access.port.ts";
import { validateTemplate } from "../templates/template.validate.ts";
import type { DestinationPlaces } from "./destination.places.port.ts";
import { destinationProblem } from "./destination.words.ts";
import type { DestinationRecord, DestinationsStore } from "./destinations.store.ts";
import type { DestinationSender } from "./sender.port.ts";
import type { Tryout } from "./tryout.ts";
import type { WebhookSecrets } from "./webhook.secrets.ts";

/** Destinations of one guild: each of them costs requests at every alert. */
const most = 1000;

export interface DestinationsDeps {
  store: DestinationsStore;
  access: GuildAccess;
  places: DestinationPlaces;
  secrets: WebhookSecrets;
  senders: ReadonlyMap<DestinationKind, DestinationSender>;
  tryout: Tryout;
  /** Throws `request.invalid` for a role that is not the guild's, or that may not be mentioned. */
  checkMention(guildId: string, mention: MentionChoice): Promise<void>;
  audit: Audit;
  clock: Clock;
  ids: Ids;
}

/** Where the alerts of a guild go. All throw as `GuildAccess.manage` does, and `destination.*`. */
export class Destinations {
  private readonly deps: DestinationsDeps;

  constructor(deps: DestinationsDeps) {
    this.deps = deps;
  }

  async list(caller: Caller, guildId: string): Promise<Destination[]> {
    await this.deps.access.manage(caller, guildId);
    return (await this.deps.store.list(guildId)).map(viewOf);
  }

  /** `secret` is told here and never again. */
  async create(
    caller: Caller,
    guildId: string,
    body: CreateDestinationBody,
  ): Promise<Destination & { secret?: string }> {
    const { store, access, places, secrets, clock, ids } = this.deps;
    const { accountId } = await access.manage(caller, guildId);
    const place = await places.of(guildId, body);
    const destinationId = ids.uuid();
    const content = body.kind === "webhook" ? { url: body.url, secret: secrets.make() } : undefined;
    const sealed = content === undefined ? undefined : await secrets.seal(destinationId, content);
    const record: DestinationRecord = {
      destinationId,
      guildId,
      kind: body.kind,
      name: body.name ?? place.name,
      target: place.target,
      sealed: sealed?.text ?? null,
      keyId: sealed?.keyId ?? null,
      enabled: true,
      offReason: null,
      template: null,
      mention: null,
      endAction: null,
      createdBy: accountId,
      createdAt: clock.now(),
    };
    const outcome = await store.add(record, most);
    if (outcome === "exists") throw new AppError("destination.exists", "Alerts go there already.");
    if (outcome === "full") throw new AppError("destination.too_many", `There are ${most} destinations already.`);
    await this.told(accountId, "destination.created", guildId, record);
    return { ...viewOf(record), ...(content !== undefined && { secret: content.secret }) };
  }

  async update(
    caller: Caller,
    guildId: string,
    destinationId: string,
    change: UpdateDestinationBody,
  ): Promise<Destination> {
    const { store, access, checkMention } = this.deps;
    const { accountId } = await access.manage(caller, guildId);
    if (change.template) validateTemplate(change.template as AlertTemplate);
    if (change.mention) await checkMention(guildId, change.mention);
    const changed = await store.change(guildId, destinationId, {
      ...(change.name !== undefined && { name: change.name }),
      // Whoever switches it on again says that what was in the way is mended.
      ...(change.enabled !== undefined && { enabled: change.enabled, offReason: null }),
      ...(change.template !== undefined && { template: change.template as AlertTemplate | null }),
      ...(change.mention !== undefined && { mention: change.mention }),
      ...(change.endAction !== undefined && { endAction: change.endAction }),
    });
    if (changed === undefined) throw notFound();
    await this.told(accountId, "destination.changed", guildId, changed);
    return viewOf(changed);
  }

  async remove(caller: Caller, guildId: string, destinationId: string): Promise<void> {
    const { store, access, clock } = this.deps;
    const { accountId } = await access.manage(caller, guildId);
    const record = await this.find(guildId, destinationId);
    if (!(await store.remove(guildId, destinationId, clock.now()))) throw notFound();
    await this.told(accountId, "destination.removed", guildId, record);
  }

  /** Sends a real message that mentions nobody, and says what to mend where that does not work. */
  async test(caller: Caller, guildId: string, destinationId: string): Promise<TestResult> {
    const { access, senders, tryout, secrets, clock } = this.deps;
    const { guildName, accountId } = await access.manage(caller, guildId);
    const record = await this.find(guildId, destinationId);
    const sender = senders.get(record.kind);
    if (sender === undefined) {
      return { ok: false, reason: "not_configured", problem: destinationProblem("not_configured"), latencyMs: 0 };
    }
    const target = record.sealed === null ? record.target : await secrets.open(destinationId, record.sealed);
    const recipients = record.kind === "push" ? await tryout.ownDevices(accountId) : [""];
    if (recipients.length === 0) {
      return { ok: false, reason: "no_device", problem: destinationProblem("no_device"), latencyMs: 0 };
    }
    const begun = clock.now();
    const outcomes = [];
    for (const recipient of recipients) {
      const what = await tryout.announcement(record, guildName);
      outcomes.push(await sender.post({ destinationId, guildId, target, recipient }, what));
    }
    const latencyMs = Math.max(0, clock.now() - begun);
    const bad = outcomes.find(({ kind }) => kind !== "done");
    if (bad === undefined || bad.kind === "done") return { ok: true, reason: null, problem: null, latencyMs };
    const reason = (bad.kind === "failed" ? bad.off : undefined) ?? bad.reason;
    return { ok: false, reason, problem: destinationProblem(reason), latencyMs };
  }

  async overrides(caller: Caller, guildId: string, destinationId: string): Promise<StreamerOverride[]> {
    const { access, store, places } = this.deps;
    await access.manage(caller, guildId);
    await this.find(guildId, destinationId);
    const [streamers, records] = await Promise.all([places.streamers(guildId), store.overrides(destinationId)]);
    return streamers.map((streamer) => {
      const record = records.find(({ broadcasterId }) => broadcasterId === streamer.streamerId);
      return {
        streamer,
        enabled: record?.enabled ?? true,
        template: record?.template ?? null,
        mention: record?.mention ?? null,
      };
    });
  }

  async setOverride(
    caller: Caller,
    guildId: string,
    { destinationId, streamerId }: { destinationId: string; streamerId: string },
    override: { enabled: boolean; template: AlertTemplate | null; mention: MentionChoice | null },
  ): Promise<StreamerOverride> {
    const { access, store, places, checkMention } = this.deps;
    const { accountId } = await access.manage(caller, guildId);
    const record = await this.find(guildId, destinationId);
    const streamer = (await places.streamers(guildId)).find((each) => each.streamerId === streamerId);
    if (streamer === undefined || !(await store.announces(guildId, streamerId))) {
      throw new AppError("streamer.not_found", "This streamer is not announced here.");
    }
    if (override.template !== null) validateTemplate(override.template);
    if (override.mention !== null) await checkMention(guildId, override.mention);
    await store.setOverride(destinationId, { broadcasterId: streamerId, ...override });
    await this.told(accountId, "destination.override_set", guildId, record);
    return { streamer, ...override };
  }

  async preview(
    caller: Caller,
    guildId: string,
    wanted: { template: AlertTemplate | null; destinationId?: string | undefined; streamerId?: string | undefined },
  ): Promise<TemplatePreview> {
    const { access, tryout } = this.deps;
    const { guildName } = await access.manage(caller, guildId);
    const record = wanted.destinationId === undefined ? undefined : await this.find(guildId, wanted.destinationId);
    if (wanted.template !== null) validateTemplate(wanted.template);
    return tryout.preview({ guildId, guildName, record, template: wanted.template, streamerId: wanted.streamerId });
  }

  private async find(guildId: string, destinationId: string): Promise<DestinationRecord> {
    const record = await this.deps.store.find(guildId, destinationId);
    if (record === undefined) throw notFound();
    return record;
  }

  private told(actorId: string, action: string, guildId: string, { destinationId, kind }: DestinationRecord) {
    return this.deps.audit.record({
      actorId,
      action,
      subject: { kind: "destination", id: destinationId },
      details: { guildId, destination: kind },
    });
  }
}

const notFound = () => new AppError("destination.not_found", "There is no such destination.");

function viewOf(record: DestinationRecord): Destination {
  const { destinationId, kind, name, target, enabled, offReason, template, mention, endAction, createdAt } = record;
  return {
    destinationId,
    kind,
    name,
    target,
    enabled,
    offReason,
    template,
    mention,
    endAction,
    createdAt: isoTime(createdAt),
  };
}
