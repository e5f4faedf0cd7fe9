import { arnOf } from "../../../kernel/names.ts";
import type { CloudContext } from "../../../kernel/service.ts";

export const machineArn = (cloud: CloudContext, name: string) =>
  arnOf(cloud, "states", `stateMachine:${name}`);

export const activityArn = (cloud: CloudContext, name: string) => arnOf(cloud, "states", `activity:${name}`);

export const executionArn = (machine: string, name: string) => {
  const [, partition, , region, account, , machineName] = machine.split(":");
  return `arn:${partition}:states:${region}:${account}:execution:${machineName}:${name}`;
};
