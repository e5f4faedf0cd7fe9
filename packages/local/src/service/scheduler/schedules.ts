// The graph's schedules: validated at the start, stored with their next run.
import type { ResolvedGraph } from "../../kernel/graph.ts";
import type { Kernel } from "../../kernel/service.ts";
import { parseSchedule } from "../events/schedule/expression.ts";
import { checkTargetArn } from "./target.ts";

export interface Schedule {
  arn: string;
  expression: string;
  zone: string;
  target: {
    arn: string;
    roleArn: string;
    input?: string;
    deadLetterConfig?: { arn?: string };
    retryPolicy?: { maximumRetryAttempts?: number; maximumEventAgeInSeconds?: number };
    sqsParameters?: { messageGroupId?: string };
    eventbridgeParameters?: { source: string; detailType: string };
  };
  startsAt?: number;
  endsAt?: number;
  /** The flexible time window. */
  windowMs: number;
}

function declaredSchedules(graph: ResolvedGraph): Schedule[] {
  return graph
    .all("aws:scheduler/schedule:Schedule")
    .filter(({ inputs }) => inputs.state !== "DISABLED")
    .map(({ name, inputs, attributes }) => {
      const zone = inputs.scheduleExpressionTimezone ?? "UTC";
      if (!parseSchedule(inputs.scheduleExpression, zone))
        throw new Error(
          `${name}: ${inputs.scheduleExpression} in ${zone} is not a valid schedule. Write rate(5 minutes), cron(0 12 * * ? *) or at(2026-01-01T00:00:00).`,
        );
      checkTargetArn(name, inputs.target.arn);
      return {
        arn: attributes.arn!,
        expression: inputs.scheduleExpression,
        zone,
        target: inputs.target,
        startsAt: inputs.startDate && Date.parse(inputs.startDate),
        endsAt: inputs.endDate && Date.parse(inputs.endDate),
        windowMs:
          inputs.flexibleTimeWindow?.mode === "FLEXIBLE"
            ? inputs.flexibleTimeWindow.maximumWindowInMinutes * 60_000
            : 0,
      };
    });
}

export function openSchedules({ store, clock, graph }: Kernel) {
  store.define(`create table if not exists scheduler_schedule (
    arn text primary key, expression text not null, next_at integer) strict`);
  const declared = new Map(declaredSchedules(graph).map((schedule) => [schedule.arn, schedule]));

  const nextOf = ({ expression, zone, startsAt, endsAt }: Schedule, after: number) => {
    // One millisecond earlier, so that a run at the start date counts.
    const next = parseSchedule(expression, zone)!.next(Math.max(after, (startsAt ?? 0) - 1));
    return next !== undefined && next <= (endsAt ?? Infinity) ? next : null;
  };

  // An unchanged schedule keeps its next run over restarts.
  store.tx(() => {
    for (const { arn } of store.all<{ arn: string }>("select arn from scheduler_schedule"))
      if (!declared.has(arn)) store.run`delete from scheduler_schedule where arn = ${arn}`;
    for (const schedule of declared.values()) {
      const beat = `${schedule.expression} ${schedule.zone} ${schedule.startsAt} ${schedule.endsAt}`;
      store.run`insert into scheduler_schedule
        values (${schedule.arn}, ${beat}, ${nextOf(schedule, clock.now())})
        on conflict (arn) do update set expression = excluded.expression, next_at = excluded.next_at
        where expression <> excluded.expression`;
    }
  });

  return {
    nextRun: () =>
      store.get<{ at: number | null }>("select min(next_at) as at from scheduler_schedule")?.at ?? undefined,
    /** The due schedules with their time. Sets each to its next run. */
    takeDue: () =>
      store.all<{ arn: string; next_at: number }>`select arn, next_at from scheduler_schedule
          where next_at <= ${clock.now()}`.map(({ arn, next_at }) => {
        const schedule = declared.get(arn)!;
        const onBeat = nextOf(schedule, next_at);
        const next = onBeat !== null && onBeat > clock.now() ? onBeat : nextOf(schedule, clock.now());
        store.run`update scheduler_schedule set next_at = ${next} where arn = ${arn}`;
        return { schedule, at: next_at };
      }),
  };
}
