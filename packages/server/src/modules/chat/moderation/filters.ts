import type { WordFilter } from "@foyer/protocol";
import type { Logger } from "pino";
import type { Audit } from "../../../platform/audit/audit.ts";
import { type Bus, gapTopic } from "../../../platform/bus/bus.ts";
import type { AccountCaller } from "../../../platform/caller/caller.ts";
import { type Clock, type Ids, isoTime } from "../../../platform/clock/clock.ts";
import { AppError } from "../../../platform/errors/app.error.ts";
import { compileFilters, type FilterMatcher, type FilterRule } from "./filters.match.ts";
import type { FilterRow, FiltersStore } from "./filters.store.ts";

export interface FiltersDeps {
  store: FiltersStore;
  bus: Bus;
  audit: Audit;
  clock: Clock;
  ids: Ids;
  log: Logger;
}

/** Bus topic without payload: read the filters again. */
const filtersChangedTopic = "chat.filters_changed";

/** The bus may lose a message: filters are read again when they are older than this. */
const maxAgeMs = 60_000;

/** Words that nobody but moderators may write. Checked in memory; `load` has to be called before the first check. */
export class Filters {
  private readonly deps: FiltersDeps;
  private readonly ends: (() => void)[];
  private matches: FilterMatcher = () => false;
  private loadedAt = 0;
  /** Counts the loads that were begun, so that an older answer never takes the place of a newer one. */
  private begun = 0;
  private current = 0;

  constructor(deps: FiltersDeps) {
    this.deps = deps;
    const reload = () => this.reload();
    this.ends = [deps.bus.subscribe(filtersChangedTopic, reload), deps.bus.subscribe(gapTopic, reload)];
  }

  /** Reads and compiles the filters. */
  async load(): Promise<void> {
    const turn = ++this.begun;
    this.loadedAt = this.deps.clock.now();
    const rows = await this.deps.store.list();
    if (turn < this.current) return;
    this.current = turn;
    this.matches = compileFilters(this.usable(rows));
  }

  /** Throws `message.filtered` for a text that is caught. Callers pass by moderators themselves. */
  check(text: string): void {
    if (this.deps.clock.now() - this.loadedAt > maxAgeMs) this.reload();
    if (this.matches(text))
      throw new AppError("message.filtered", "The message holds words that are not allowed here.");
  }

  /** Oldest first. */
  async list(): Promise<WordFilter[]> {
    return (await this.deps.store.list()).map(filterOf);
  }

  /** Throws `filter.invalid_pattern`. */
  async create(caller: AccountCaller, rule: FilterRule): Promise<WordFilter> {
    const { store, audit, clock, ids } = this.deps;
    compileFilters([rule]);
    const row: FilterRow = {
      id: ids.uuid(),
      kind: rule.kind,
      expression: rule.expression,
      created_by: caller.accountId,
      created_at: clock.now(),
    };
    await store.add(row);
    await audit.record({
      actorId: caller.accountId,
      action: "filter.created",
      subject: { kind: "filter", id: row.id },
      details: { kind: row.kind },
    });
    await this.changed();
    return filterOf(row);
  }

  /** Throws `filter.not_found`. */
  async remove(caller: AccountCaller, filterId: string): Promise<void> {
    const removed = await this.deps.store.remove(filterId);
    if (removed === undefined) throw new AppError("filter.not_found", "There is no such filter.");
    await this.deps.audit.record({
      actorId: caller.accountId,
      action: "filter.deleted",
      subject: { kind: "filter", id: filterId },
      details: { kind: removed.kind },
    });
    await this.changed();
  }

  close(): void {
    for (const end of this.ends) end();
  }

  private async changed(): Promise<void> {
    await this.load();
    this.deps.bus.publish(filtersChangedTopic, "{}");
  }

  private reload(): void {
    this.load().catch((error: unknown) => this.deps.log.error({ err: error }, "word filters could not be read"));
  }

  /** One filter that an older version accepted and this one does not must not switch the others off. */
  private usable(rows: readonly FilterRow[]): FilterRow[] {
    return rows.filter((row) => {
      try {
        compileFilters([row]);
        return true;
      } catch {
        this.deps.log.warn({ filterId: row.id }, "a word filter cannot be used and is passed by");
        return false;
      }
    });
  }
}

function filterOf(row: FilterRow): WordFilter {
  return { filterId: row.id, kind: row.kind, expression: row.expression, createdAt: isoTime(row.created_at) };
}
