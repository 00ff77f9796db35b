import type { AlertTemplate, GuildConfigView } from "@foyer/protocol";
import type { Audit } from "../../../platform/audit/audit.ts";
import type { Caller } from "../../../platform/caller/caller.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import { type AlertChoices, defaultChoices } from "../alerts.defaults.ts";
import type { GuildAccess } from "./guild.access.port.ts";
import type { GuildDirectory } from "./guild.directory.port.ts";
import type { GuildChange, GuildRecord, GuildsStore } from "./guilds.store.ts";

export interface GuildConfigsDeps {
  access: GuildAccess;
  directory: Pick<GuildDirectory, "checkMention">;
  store: GuildsStore;
  audit: Audit;
  templates: {
    standard: AlertTemplate;
    /** Throws `template.invalid` with the fields that are wrong. */
    check(template: AlertTemplate): void;
  };
  followers: {
    /** What is in the way of a guild's roles now. Looks again where something was. */
    problem(guildId: string): Promise<GuildConfigView["followerRoleProblem"]>;
    /** Who is mentioned may have changed. */
    changed(guildId: string): void;
  };
}

/** What holds for all alerts of a guild. Both throw as `GuildAccess.manage` does. */
export interface GuildConfigs {
  get(caller: Caller, guildId: string): Promise<GuildConfigView>;
  /** Throws `request.invalid` for a role that is not the guild's, `template.invalid`, `guild.bot_missing`. */
  update(caller: Caller, guildId: string, change: GuildChange): Promise<GuildConfigView>;
}

export function createGuildConfigs(deps: GuildConfigsDeps): GuildConfigs {
  const { access, directory, store, audit, templates, followers } = deps;

  async function view(guildId: string): Promise<GuildConfigView> {
    const record = await store.find(guildId);
    return {
      ...configOf(record),
      template: record?.template ?? templates.standard,
      followerRoleProblem: guildId === "here" ? null : await followers.problem(guildId),
    };
  }

  return {
    async get(caller, guildId) {
      await access.manage(caller, guildId);
      return view(guildId);
    },

    async update(caller, guildId, change) {
      const { accountId } = await access.manage(caller, guildId);
      if (change.template != null) templates.check(change.template);
      if (change.mention !== undefined) await directory.checkMention(guildId, change.mention);
      const fields = Object.entries(change).flatMap(([name, value]) => (value === undefined ? [] : [name]));
      await audit.record({
        actorId: accountId,
        action: "guild.configured",
        subject: { kind: "guild", id: guildId },
        details: { fields: fields.sort().join(" ") },
      });
      // Between the check and here somebody may have forgotten the guild.
      if (!(await store.change(guildId, change))) {
        throw new AppError("guild.not_found", "There is no such server any more.");
      }
      followers.changed(guildId);
      return view(guildId);
    },
  };
}

function configOf(record: GuildRecord | undefined): AlertChoices {
  const { mention, endAction, reannounceMinutes, maxEdits } = record?.config ?? {};
  return {
    endAction: endAction ?? defaultChoices.endAction,
    mention: mention ?? defaultChoices.mention,
    reannounceMinutes: reannounceMinutes ?? defaultChoices.reannounceMinutes,
    maxEdits: maxEdits ?? defaultChoices.maxEdits,
  };
}
