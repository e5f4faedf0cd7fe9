// Every minute: the queues' depths and ages are measured, the alarms judged, and who wants to know is told.
import type { Kernel } from "../../kernel/service.ts";
import { evaluate, type Alarm, type State } from "./alarm.ts";
import { KEEP_MS, MINUTE_MS } from "./limits.ts";
import { toPoint, type Points } from "./points.ts";

export interface AlarmRow {
  name: string;
  definition: string;
  state: State;
  reason: string;
  changed: number;
  configured: number;
}

export type Watch = ReturnType<typeof openWatch>;

export function openWatch(kernel: Kernel, points: Points) {
  const { store, clock, cloud } = kernel;
  store.define(`create table if not exists cloudwatch_alarms (
    name text primary key, definition text not null, state text not null, reason text not null,
    changed integer not null, configured integer not null
  ) strict`);
  const arnOf = (name: string) =>
    `arn:${cloud.partition}:cloudwatch:${cloud.region}:${cloud.account}:alarm:${name}`;
  let cancel = () => {};
  let ticking: Promise<void> | undefined;

  function set(row: AlarmRow, state: State, reason: string) {
    const alarm = JSON.parse(row.definition) as Alarm;
    const now = clock.now();
    store.tx(() => {
      store.run(
        "update cloudwatch_alarms set state = ?, reason = ?, changed = ? where name = ?",
        state,
        reason,
        now,
        row.name,
      );
      kernel.publish({
        source: "aws.cloudwatch",
        detailType: "CloudWatch Alarm State Change",
        resources: [arnOf(row.name)],
        detail: {
          alarmName: row.name,
          configuration: { description: alarm.AlarmDescription, metrics: [metricOf(alarm)] },
          previousState: { value: row.state, reason: row.reason, timestamp: stamp(row.changed) },
          state: { value: state, reason, timestamp: stamp(now) },
        },
      });
    });
    if (alarm.ActionsEnabled === false) return;
    const actions = {
      OK: alarm.OKActions,
      ALARM: alarm.AlarmActions,
      INSUFFICIENT_DATA: alarm.InsufficientDataActions,
    };
    for (const arn of actions[state] ?? []) notify(arn, alarm, row.state, state, reason);
  }

  function notify(arn: string, alarm: Alarm, before: State, state: State, reason: string) {
    const payload = JSON.stringify({
      AlarmName: alarm.AlarmName,
      AlarmDescription: alarm.AlarmDescription ?? null,
      AWSAccountId: cloud.account,
      NewStateValue: state,
      NewStateReason: reason,
      StateChangeTime: stamp(clock.now()),
      Region: cloud.region,
      AlarmArn: arnOf(alarm.AlarmName),
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
      const source = { service: "cloudwatch.amazonaws.com", arn: arnOf(alarm.AlarmName) };
      store.tx(() => kernel.deliver(arn, { payload, source }));
    } catch (error) {
      kernel.log("warn", `The alarm ${alarm.AlarmName} could not tell ${arn}: ${(error as Error).message}`);
    }
  }

  /** As long as an alarm lasts, it calls scaling policies every minute. */
  function callScalers({ definition, reason }: AlarmRow) {
    const alarm = JSON.parse(definition) as Alarm;
    if (alarm.ActionsEnabled === false) return;
    for (const arn of alarm.AlarmActions ?? [])
      if (arn.split(":")[2] === "autoscaling") notify(arn, alarm, "ALARM", "ALARM", reason);
  }

  async function measureQueues() {
    for (const { attributes } of kernel.graph.all("aws:sqs/queue:Queue")) {
      const input = { QueueUrl: attributes.url, AttributeNames: ["All"] };
      const as = { kind: "service", name: "cloudwatch.amazonaws.com" } as const;
      const { Attributes } = await kernel.call("sqs", "GetQueueAttributes", input, as);
      const measured = [
        ["ApproximateNumberOfMessagesVisible", "ApproximateNumberOfMessages", "Count"],
        ["ApproximateNumberOfMessagesNotVisible", "ApproximateNumberOfMessagesNotVisible", "Count"],
        ["ApproximateAgeOfOldestMessage", "ApproximateAgeOfOldestMessage", "Seconds"],
      ] as const;
      const dimensions = [{ Name: "QueueName", Value: attributes.name ?? "" }];
      store.tx(() => {
        for (const [name, attribute, unit] of measured) {
          // Of the minute that has just ended, so that the alarms see it now.
          const point = toPoint(clock.now() - 1, [Number(Attributes?.[attribute] ?? 0)]);
          points.add({ namespace: "AWS/SQS", name, dimensions }, unit, point);
        }
      });
    }
  }

  async function tick() {
    await measureQueues().catch((error: Error) =>
      kernel.log("debug", `Queues were not measured: ${error.message}`),
    );
    for (const row of store.all<AlarmRow>("select * from cloudwatch_alarms")) {
      const { state, reason } = evaluate(JSON.parse(row.definition) as Alarm, points, clock.now());
      if (state && state !== row.state) set(row, state, reason);
      else if (row.state === "ALARM") callScalers(row);
    }
    points.sweep(clock.now() - KEEP_MS);
  }

  return {
    arnOf,
    set,
    put(alarm: Alarm) {
      store.run(
        `insert into cloudwatch_alarms values (?, ?, 'INSUFFICIENT_DATA', 'Unchecked: Initial alarm creation', ?, ?)
         on conflict (name) do update set definition = excluded.definition, configured = excluded.configured`,
        alarm.AlarmName,
        JSON.stringify(alarm),
        clock.now(),
        clock.now(),
      );
    },
    rows: () => store.all<AlarmRow>("select * from cloudwatch_alarms order by name"),
    drop: (name: string) => store.run("delete from cloudwatch_alarms where name = ?", name),
    start() {
      cancel = clock.after(MINUTE_MS - (clock.now() % MINUTE_MS), () => {
        this.start();
        ticking = tick().catch((error: Error) =>
          kernel.log("error", `Alarms were not judged: ${error.message}`),
        );
      });
    },
    async stop() {
      cancel();
      await ticking;
    },
  };
}

const stamp = (at: number) => new Date(at).toISOString().replace("Z", "+0000");

function metricOf(alarm: Alarm) {
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
