// Rules and their targets, stored, and compiled in memory on first use.
import { arnOf } from "../../kernel/names.ts";
import type { Kernel } from "../../kernel/service.ts";
import { notFound, validation } from "./error.ts";
import { compileMatcher } from "./pattern/match.ts";
import { parseSchedule } from "./schedule/expression.ts";
import type { Target } from "./target.ts";

export interface RuleRow {
  bus: string;
  name: string;
  pattern: string | null;
  schedule: string | null;
  state: string;
  description: string | null;
  role: string | null;
  tags: string;
  origin: string;
  /** The next run of a scheduled rule. */
  next_at: number | null;
}
export type RuleInput = Pick<RuleRow, "bus" | "name"> &
  Partial<Omit<RuleRow, "tags">> & { tags?: object; origin: string };

/** A rule with its compiled pattern and its targets. */
export interface CompiledRule {
  row: RuleRow;
  arn: string;
  matches(event: unknown): boolean;
  targets: Target[];
}

export type Rules = ReturnType<typeof openRules>;

export function openRules({ store, clock, cloud }: Kernel) {
  store.define(`
    create table if not exists events_rule (
      bus text not null, name text not null, pattern text, schedule text, state text not null, description text,
      role text, tags text not null, origin text not null, next_at integer, primary key (bus, name)) strict;
    create index if not exists events_rule_next on events_rule (next_at) where next_at is not null;
    create table if not exists events_target (
      bus text not null, rule text not null, id text not null, spec text not null,
      primary key (bus, rule, id)) strict`);

  const compiled = new Map<string, CompiledRule[]>();
  /** After a rollback this only costs another read. */
  const clearCompiled = () => compiled.clear();
  const arn = (bus: string, name: string) =>
    arnOf(cloud, "events", `rule/${bus === "default" ? "" : `${bus}/`}${name}`);
  const find = (bus: string, name: string) =>
    store.get<RuleRow>`select * from events_rule where bus = ${bus} and name = ${name}`;
  const targets = (bus: string, rule: string) =>
    store.all<{
      spec: string;
    }>`select spec from events_target where bus = ${bus} and rule = ${rule} order by id`.map(
      ({ spec }) => JSON.parse(spec) as Target,
    );
  const enabled = (row: RuleRow) => row.state !== "DISABLED";

  const load = (bus: string) =>
    store.all<RuleRow>`select * from events_rule where bus = ${bus} and pattern is not null order by name`
      .filter(enabled)
      .map((row) => ({
        row,
        arn: arn(bus, row.name),
        matches: compileMatcher(row.pattern!),
        targets: targets(bus, row.name),
      }));

  const firstRun = (schedule: string | null | undefined, state: string) =>
    schedule && state !== "DISABLED" ? (parseSchedule(schedule)!.next(clock.now()) ?? null) : null;

  return {
    arn,
    find,
    targets,
    get(bus: string, name: string): RuleRow {
      const rule = find(bus, name);
      if (!rule) throw notFound(`Rule ${name} does not exist on EventBus ${bus}.`);
      return rule;
    },

    /** The enabled rules of a bus that have a pattern. */
    enabledOn(bus: string): CompiledRule[] {
      const known = compiled.get(bus) ?? load(bus);
      compiled.set(bus, known);
      return known;
    },

    /** Creates or replaces a rule. An unchanged schedule keeps its next run. */
    put(rule: RuleInput) {
      const known = find(rule.bus, rule.name);
      const state = rule.state ?? "ENABLED";
      const keeps = known?.schedule === (rule.schedule ?? null) && known?.state === state;
      store.run`insert or replace into events_rule
        values (${rule.bus}, ${rule.name}, ${rule.pattern ?? null}, ${rule.schedule ?? null}, ${state},
        ${rule.description ?? null}, ${rule.role ?? null},
        ${rule.tags ? JSON.stringify(rule.tags) : (known?.tags ?? "{}")}, ${rule.origin},
        ${keeps ? known.next_at : firstRun(rule.schedule, state)})`;
      clearCompiled();
    },

    setState(rule: RuleRow, state: string) {
      const next = state === rule.state ? rule.next_at : firstRun(rule.schedule, state);
      store.run`update events_rule set state = ${state}, next_at = ${next}
        where bus = ${rule.bus} and name = ${rule.name}`;
      clearCompiled();
    },

    remove(bus: string, name: string) {
      if (targets(bus, name).length > 0) throw validation("Rule can't be deleted since it has targets.");
      store.run`delete from events_rule where bus = ${bus} and name = ${name}`;
      clearCompiled();
    },

    putTarget(rule: Pick<RuleRow, "bus" | "name">, target: Target) {
      store.run`insert or replace into events_target
        values (${rule.bus}, ${rule.name}, ${target.Id}, ${JSON.stringify(target)})`;
      clearCompiled();
    },

    removeTarget(rule: Pick<RuleRow, "bus" | "name">, id: string) {
      clearCompiled();
      return store.run`delete from events_target
        where bus = ${rule.bus} and rule = ${rule.name} and id = ${id}`.changes;
    },

    list: (bus: string) => store.all<RuleRow>`select * from events_rule where bus = ${bus} order by name`,
    all: () => store.all<RuleRow>("select * from events_rule"),
    setTags: (rule: RuleRow, tags: object) =>
      store.run`update events_rule set tags = ${JSON.stringify(tags)}
        where bus = ${rule.bus} and name = ${rule.name}`,

    /** The names of a bus's rules with this target. */
    namesByTarget: (bus: string, target: string) => [
      ...new Set(
        store.all<{ rule: string; spec: string }>`select rule, spec from events_target where bus = ${bus}
            order by rule`
          .filter(({ spec }) => (JSON.parse(spec) as Target).Arn === target)
          .map(({ rule }) => rule),
      ),
    ],

    nextRun: () =>
      store.get<{ at: number | null }>("select min(next_at) as at from events_rule")?.at ?? undefined,
    due: () => store.all<RuleRow>`select * from events_rule where next_at <= ${clock.now()}`,
    /** Sets the next run after the last one. Runs that a clock jump skipped are dropped. */
    reschedule(rule: RuleRow) {
      const schedule = parseSchedule(rule.schedule!)!;
      const onBeat = schedule.next(rule.next_at!);
      const next = onBeat !== undefined && onBeat > clock.now() ? onBeat : schedule.next(clock.now());
      store.run`update events_rule set next_at = ${next ?? null}
        where bus = ${rule.bus} and name = ${rule.name}`;
    },
  };
}
