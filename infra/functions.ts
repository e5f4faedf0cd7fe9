// An alarm for every function, also for those that SST's components create.
import { alarm, alarmNames } from "./alarm.ts";
import { ownName } from "./stage.ts";

const alarmOf = (fn: string) => `${fn}Errors`;

// SST creates the Lambda function later than its component, and the dashboard must know the alarm before.
$transform(sst.aws.Function, (_args, _opts, name) => void alarmNames.add(ownName(alarmOf(name))));
$transform(aws.lambda.Function, (_args, { parent }, name) => {
  if (!(parent instanceof sst.aws.Function))
    throw new Error(`${name} is no function of SST: it has no alarm.`);
  alarm(alarmOf(name.replace(/Function$/, "")), {
    alarmDescription:
      "An invocation failed. Read the log: `npx sluice logs <function>`. See docs/operations.md, Alarms.",
    namespace: "AWS/Lambda",
    metricName: "Errors",
    dimensions: { FunctionName: parent.name },
    statistic: "Sum",
    threshold: 0,
  });
});

alarm("Throttles", {
  alarmDescription: "Lambda rejected invocations: the account's quota of concurrent executions is used up.",
  namespace: "AWS/Lambda",
  // Without dimensions: all functions of the account share the quota.
  metricName: "Throttles",
  statistic: "Sum",
  threshold: 0,
});
