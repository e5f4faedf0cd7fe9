// What exists beside an endpoint: its scaling, alarms and log group. None has tags; each carries the endpoint's name.
import {
  type ApplicationAutoScalingClient,
  DeregisterScalableTargetCommand,
  paginateDescribeScalableTargets,
  type ScalableDimension,
} from "@aws-sdk/client-application-auto-scaling";
import {
  type CloudWatchClient,
  DeleteAlarmsCommand,
  paginateDescribeAlarms,
} from "@aws-sdk/client-cloudwatch";
import {
  type CloudWatchLogsClient,
  DeleteLogGroupCommand,
  paginateDescribeLogGroups,
} from "@aws-sdk/client-cloudwatch-logs";
import { alarmKinds } from "@sluice/core/deployment/alarms.ts";
import { hasName, ignore } from "./errors.ts";
import type { Kind } from "./kind.ts";
import type { Owner } from "./owner.ts";

const DIMENSION: ScalableDimension = "sagemaker:variant:DesiredInstanceCount";

/** Deregistering a target removes its policies and the alarms of its target tracking. */
export const scalableTargets = (client: ApplicationAutoScalingClient, owner: Owner): Kind => ({
  service: "Application Auto Scaling",
  title: "scalable targets",
  async list() {
    const found = [];
    const query = { ServiceNamespace: "sagemaker", ScalableDimension: DIMENSION } as const;
    for await (const { ScalableTargets = [] } of paginateDescribeScalableTargets({ client }, query))
      for (const { ResourceId = "", MinCapacity, MaxCapacity } of ScalableTargets)
        if (owner.hasEndpoint(ResourceId.split("/")[1] ?? ""))
          found.push({ name: ResourceId, status: `${MinCapacity} to ${MaxCapacity} instances` });
    return found;
  },
  async remove({ name: ResourceId }) {
    const target = { ServiceNamespace: "sagemaker", ScalableDimension: DIMENSION, ResourceId } as const;
    await client
      .send(new DeregisterScalableTargetCommand(target))
      .catch(ignore(hasName("ObjectNotFoundException")));
  },
});

/** The first part of an alarm's name: of target tracking, and of our own. */
const ALARMS = ["TargetTracking", "NoInstance", ...alarmKinds];

export const alarms = (client: CloudWatchClient, owner: Owner): Kind => ({
  service: "CloudWatch",
  title: "alarms",
  async list() {
    const found = [];
    for (const kind of ALARMS) {
      const query = { AlarmNamePrefix: `${kind}-endpoint/${owner.prefix}` };
      for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client }, query))
        for (const { AlarmName = "", StateValue } of MetricAlarms)
          if (owner.hasEndpoint(AlarmName.split("/")[1] ?? ""))
            found.push({ name: AlarmName, status: StateValue });
    }
    return found;
  },
  async remove({ name }) {
    await client
      .send(new DeleteAlarmsCommand({ AlarmNames: [name] }))
      .catch(ignore(hasName("ResourceNotFound", "ResourceNotFoundException")));
  },
});

const LOG_GROUPS = "/aws/sagemaker/Endpoints/";

export const logGroups = (client: CloudWatchLogsClient, owner: Owner): Kind => ({
  service: "CloudWatch Logs",
  title: "log groups of endpoints",
  async list() {
    const found = [];
    const query = { logGroupNamePrefix: `${LOG_GROUPS}${owner.prefix}` };
    for await (const { logGroups: groups = [] } of paginateDescribeLogGroups({ client }, query))
      for (const { logGroupName = "", storedBytes = 0 } of groups)
        if (owner.hasEndpoint(logGroupName.slice(LOG_GROUPS.length)))
          found.push({ name: logGroupName, status: `${storedBytes} bytes` });
    return found;
  },
  async remove({ name: logGroupName }) {
    await client
      .send(new DeleteLogGroupCommand({ logGroupName }))
      .catch(ignore(hasName("ResourceNotFoundException")));
  },
});
