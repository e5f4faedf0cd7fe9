// How an update moves traffic to the new fleet: all at once, by canary or in steps, with alarms checked in between.
import type { CapacitySize, DeploymentConfig } from "@aws-sdk/client-sagemaker";
import type { Kernel } from "../../../kernel/service.ts";
import { checkNumber, checkOneOf, requireValue } from "../job/check.ts";
import { invalid, refuseMembers } from "../shape.ts";

export interface TrafficShift {
  /** The traffic share of the new fleet in each step; the last is 1. */
  shares: number[];
  /** After each step. */
  waitMs: number;
  /** For the whole update. */
  limitMs: number;
  /** Before the old fleet is stopped. */
  terminationWaitMs: number;
  alarms: string[];
}

const AT_ONCE: TrafficShift = { shares: [1], waitMs: 0, limitMs: Infinity, terminationWaitMs: 0, alarms: [] };

/** `instances`: the capacity to which sizes in instances refer. */
export function readTrafficShift(config: DeploymentConfig | undefined, instances: number): TrafficShift {
  if (!config) return AT_ONCE;
  const alarms = (config.AutoRollbackConfiguration?.Alarms ?? []).map(({ AlarmName }) => AlarmName!);
  const share = ({ Type, Value }: CapacitySize) =>
    Type === "INSTANCE_COUNT" ? Value! / instances : Value! / 100;
  const rolling = config.RollingUpdatePolicy;
  if (rolling)
    return {
      shares: steps(share(rolling.MaximumBatchSize!)),
      waitMs: rolling.WaitIntervalInSeconds! * 1000,
      limitMs: limit(rolling.MaximumExecutionTimeoutInSeconds),
      terminationWaitMs: 0,
      alarms,
    };
  const policy = config.BlueGreenUpdatePolicy;
  const routing = policy?.TrafficRoutingConfiguration;
  if (!policy || !routing) return { ...AT_ONCE, alarms };
  const { CanarySize, LinearStepSize } = routing;
  return {
    shares: CanarySize ? [share(CanarySize), 1] : LinearStepSize ? steps(share(LinearStepSize)) : [1],
    waitMs: routing.WaitIntervalInSeconds! * 1000,
    limitMs: limit(policy.MaximumExecutionTimeoutInSeconds),
    terminationWaitMs: (policy.TerminationWaitInSeconds ?? 0) * 1000,
    alarms,
  };
}

const limit = (seconds: number | undefined) => (seconds ?? Infinity) * 1000;

function steps(size: number): number[] {
  const count = Math.ceil(1 / Math.min(1, size) - 1e-9);
  return Array.from({ length: count }, (_, index) => (index === count - 1 ? 1 : size * (index + 1)));
}

export function checkDeployment(config: DeploymentConfig) {
  const { BlueGreenUpdatePolicy: blueGreen, RollingUpdatePolicy: rolling } = config;
  if (blueGreen && rolling)
    throw invalid("A DeploymentConfig can have either a BlueGreenUpdatePolicy or a RollingUpdatePolicy.");
  for (const { AlarmName } of config.AutoRollbackConfiguration?.Alarms ?? [])
    requireValue("deploymentConfig.autoRollbackConfiguration.alarms.alarmName", AlarmName);
  if (rolling) {
    const at = "deploymentConfig.rollingUpdatePolicy";
    checkSize(`${at}.maximumBatchSize`, rolling.MaximumBatchSize, 5, 50);
    checkNumber(`${at}.waitIntervalInSeconds`, requireValue(at, rolling.WaitIntervalInSeconds), 0, 3600);
  }
  if (!blueGreen) return;
  const at = "deploymentConfig.blueGreenUpdatePolicy";
  const routing = requireValue(`${at}.trafficRoutingConfiguration`, blueGreen.TrafficRoutingConfiguration);
  refuseMembers("UpdateEndpoint TrafficRoutingConfiguration", routing, [
    "Type",
    "WaitIntervalInSeconds",
    ...(routing.Type === "CANARY" ? ["CanarySize"] : []),
    ...(routing.Type === "LINEAR" ? ["LinearStepSize"] : []),
  ]);
  checkOneOf(`${at}.trafficRoutingConfiguration.type`, routing.Type, ["ALL_AT_ONCE", "CANARY", "LINEAR"]);
  checkNumber(`${at}.waitIntervalInSeconds`, requireValue(at, routing.WaitIntervalInSeconds), 0, 3600);
  checkNumber(`${at}.terminationWaitInSeconds`, blueGreen.TerminationWaitInSeconds, 0, 3600);
  checkNumber(
    `${at}.maximumExecutionTimeoutInSeconds`,
    blueGreen.MaximumExecutionTimeoutInSeconds,
    600,
    28_800,
  );
  if (routing.Type === "CANARY") checkSize(`${at}.canarySize`, routing.CanarySize, 1, 50);
  if (routing.Type === "LINEAR") checkSize(`${at}.linearStepSize`, routing.LinearStepSize, 10, 50);
}

function checkSize(at: string, size: CapacitySize | undefined, least: number, most: number) {
  const { Type, Value } = requireValue(at, size);
  checkOneOf(`${at}.type`, requireValue(`${at}.type`, Type), ["INSTANCE_COUNT", "CAPACITY_PERCENT"]);
  const percent = Type === "CAPACITY_PERCENT";
  checkNumber(
    `${at}.value`,
    requireValue(`${at}.value`, Value),
    percent ? least : 1,
    percent ? most : 1_000_000,
  );
}

/** The first of these alarms in state ALARM. */
export async function findAlarm(kernel: Kernel, alarms: string[]): Promise<string | undefined> {
  if (alarms.length === 0) return undefined;
  const { MetricAlarms = [] } = await kernel.call<{ MetricAlarms?: Array<{ AlarmName: string }> }>(
    "cloudwatch",
    "DescribeAlarms",
    { AlarmNames: alarms, StateValue: "ALARM" },
    { kind: "service", name: "sagemaker.amazonaws.com" },
  );
  return MetricAlarms[0]?.AlarmName;
}
