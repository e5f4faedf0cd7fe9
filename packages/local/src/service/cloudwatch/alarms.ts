// Stored alarms. A change of state publishes an event and runs the actions of the new state.
import { arnOf } from "../../kernel/names.ts";
import type { Kernel } from "../../kernel/service.ts";
import type { Alarm, State } from "./alarm.ts";

export interface AlarmRow {
  name: string;
  definition: string;
  state: State;
  reason: string;
  changed: number;
  configured: number;
}

export type Alarms = ReturnType<typeof openAlarms>;

export function openAlarms(kernel: Kernel) {
  const { store, clock, cloud } = kernel;
  store.define(`create table if not exists cloudwatch_alarms (
    name text primary key, definition text not null, state text not null, reason text not null,
    changed integer not null, configured integer not null
  ) strict`);
  const alarmArn = (name: string) => arnOf(cloud, "cloudwatch", `alarm:${name}`);

  function notify(arn: string, alarm: Alarm, before: State, state: State, reason: string) {
    const payload = JSON.stringify({
      AlarmName: alarm.AlarmName,
      AlarmDescription: alarm.AlarmDescription ?? null,
      AWSAccountId: cloud.account,
      NewStateValue: state,
      NewStateReason: reason,
      StateChangeTime: timestamp(clock.now()),
      Region: cloud.region,
      AlarmArn: alarmArn(alarm.AlarmName),
      OldStateValue: before,
      Trigger: {
        MetricName: alarm.MetricName,
        Namespace: alarm.Namespace,
        Statistic: alarm.Statistic,
        Period: alarm.Period,
        EvaluationPeriods: alarm.EvaluationPeriods,
        ComparisonOperator: alarm.ComparisonOperator,
        Threshold: alarm.Threshold,
      },
    });
    try {
      const source = { service: "cloudwatch.amazonaws.com", arn: alarmArn(alarm.AlarmName) };
      store.tx(() => kernel.deliver(arn, { payload, source }));
    } catch (error) {
      kernel.log("warn", `The alarm ${alarm.AlarmName} could not notify ${arn}: ${(error as Error).message}`);
    }
  }

  return {
    arnOf: alarmArn,
    rows: () => store.all<AlarmRow>("select * from cloudwatch_alarms order by name"),
    put(alarm: Alarm) {
      store.run`insert into cloudwatch_alarms
        values (${alarm.AlarmName}, ${JSON.stringify(alarm)}, 'INSUFFICIENT_DATA',
        'Unchecked: Initial alarm creation', ${clock.now()}, ${clock.now()})
        on conflict (name) do update set definition = excluded.definition, configured = excluded.configured`;
    },
    remove: (name: string) => store.run`delete from cloudwatch_alarms where name = ${name}`,
    setState(row: AlarmRow, state: State, reason: string) {
      const alarm = JSON.parse(row.definition) as Alarm;
      const now = clock.now();
      store.tx(() => {
        store.run`update cloudwatch_alarms set state = ${state}, reason = ${reason}, changed = ${now}
          where name = ${row.name}`;
        kernel.publish({
          source: "aws.cloudwatch",
          detailType: "CloudWatch Alarm State Change",
          resources: [alarmArn(row.name)],
          detail: {
            alarmName: row.name,
            configuration: { description: alarm.AlarmDescription, metrics: [describeMetric(alarm)] },
            previousState: { value: row.state, reason: row.reason, timestamp: timestamp(row.changed) },
            state: { value: state, reason, timestamp: timestamp(now) },
          },
        });
      });
      for (const arn of actionsOf(alarm, state)) notify(arn, alarm, row.state, state, reason);
    },
    /** Scaling policies are called every minute while their alarm lasts. */
    repeatScalingActions({ definition, reason }: AlarmRow) {
      const alarm = JSON.parse(definition) as Alarm;
      for (const arn of actionsOf(alarm, "ALARM"))
        if (arn.split(":")[2] === "autoscaling") notify(arn, alarm, "ALARM", "ALARM", reason);
    },
  };
}

function actionsOf(alarm: Alarm, state: State): string[] {
  if (alarm.ActionsEnabled === false) return [];
  const actions = {
    OK: alarm.OKActions,
    ALARM: alarm.AlarmActions,
    INSUFFICIENT_DATA: alarm.InsufficientDataActions,
  };
  return actions[state] ?? [];
}

const timestamp = (at: number) => new Date(at).toISOString().replace("Z", "+0000");

function describeMetric(alarm: Alarm) {
  const dimensions = Object.fromEntries((alarm.Dimensions ?? []).map(({ Name, Value }) => [Name, Value]));
  return {
    id: "m1",
    metricStat: {
      metric: { namespace: alarm.Namespace, name: alarm.MetricName, dimensions },
      period: alarm.Period,
      stat: alarm.Statistic ?? alarm.ExtendedStatistic,
    },
    returnData: true,
  };
}
