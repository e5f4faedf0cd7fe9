// The operations on alarms.
import { AwsError, notImplemented } from "../../../kernel/error.ts";
import type { Operation } from "../../../kernel/service.ts";
import { COMPARISONS, type Alarm, type State } from "../alarm.ts";
import type { AlarmRow, Alarms } from "../alarms.ts";
import { invalid } from "../error.ts";
import { ALARMS_PAGE, ALARMS_PAGE_MAX } from "../limits.ts";

interface SetAlarmStateInput {
  AlarmName: string;
  StateValue: State;
  StateReason: string;
}

export function alarmOperations(alarms: Alarms): Record<string, Operation> {
  return {
    PutMetricAlarm(input: Alarm & { Metrics?: unknown[] }) {
      if (input.Metrics?.length) throw notImplemented("alarms on metric math");
      checkAlarm(input);
      alarms.put(input);
      return {};
    },
    DescribeAlarms({
      AlarmNames,
      AlarmNamePrefix = "",
      StateValue,
      MaxRecords = ALARMS_PAGE,
      NextToken = "0",
    }) {
      const from = Number(NextToken);
      if (!Number.isSafeInteger(from) || from < 0)
        throw new AwsError("InvalidNextToken", "The next token is not one this operation returned.");
      const rows = alarms
        .rows()
        .filter(({ name }) =>
          AlarmNames?.length ? AlarmNames.includes(name) : name.startsWith(AlarmNamePrefix),
        )
        .filter(({ state }) => !StateValue || state === StateValue);
      const end = from + Math.min(MaxRecords, ALARMS_PAGE_MAX);
      return {
        MetricAlarms: rows.slice(from, end).map((row) => describe(row, alarms.arnOf(row.name))),
        CompositeAlarms: [],
        NextToken: end < rows.length ? String(end) : undefined,
      };
    },
    DeleteAlarms({ AlarmNames = [] }) {
      for (const name of AlarmNames) alarms.remove(name);
      return {};
    },
    SetAlarmState({ AlarmName, StateValue, StateReason }: SetAlarmStateInput) {
      const row = alarms.rows().find(({ name }) => name === AlarmName);
      if (!row) throw new AwsError("ResourceNotFound", `Unknown alarm: ${AlarmName}`, { status: 404 });
      if (row.state !== StateValue) alarms.setState(row, StateValue, StateReason);
      return {};
    },
  };
}

export function checkAlarm(alarm: Alarm) {
  if (!COMPARISONS[alarm.ComparisonOperator])
    throw notImplemented(`the alarm comparison ${alarm.ComparisonOperator}`);
  if (!alarm.MetricName || !alarm.Namespace)
    throw invalid(`The alarm ${alarm.AlarmName} must name a metric and its namespace.`);
}

function describe(row: AlarmRow, AlarmArn: string) {
  return {
    ...(JSON.parse(row.definition) as Alarm),
    AlarmArn,
    StateValue: row.state,
    StateReason: row.reason,
    StateUpdatedTimestamp: new Date(row.changed),
    AlarmConfigurationUpdatedTimestamp: new Date(row.configured),
  };
}
