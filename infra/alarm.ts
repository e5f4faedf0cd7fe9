import { ownName } from "./stage.ts";
import { alarms } from "./topics.ts";

const FIVE_MINUTES = 300;

type Alarm = Omit<aws.cloudwatch.MetricAlarmArgs, "comparisonOperator" | "evaluationPeriods" | "name"> & {
  evaluationPeriods?: number;
};

/** Of all alarms, for the dashboard. */
export const alarmNames = new Set<string>();

/** An alarm on the topic `Alarms`. */
export function alarm(logical: string, args: Alarm) {
  const name = ownName(logical);
  alarmNames.add(name);
  new aws.cloudwatch.MetricAlarm(logical, {
    name,
    comparisonOperator: "GreaterThanThreshold",
    period: FIVE_MINUTES,
    evaluationPeriods: 1,
    treatMissingData: "notBreaching",
    alarmActions: [alarms.arn],
    okActions: [alarms.arn],
    ...args,
  });
}
