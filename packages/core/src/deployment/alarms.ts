// The alarms of an endpoint. Created after the endpoint is verified; deleted before the endpoint.
// docs/operations.md lists them.
import {
  DeleteAlarmsCommand,
  PutMetricAlarmCommand,
  type PutMetricAlarmCommandInput,
} from "@aws-sdk/client-cloudwatch";
import { cloudwatch } from "../aws/cloudwatch.ts";
import { linked } from "../aws/link.ts";
import { log } from "../log.ts";
import type { DeploymentItem } from "./deployment.entity.ts";
import { variantName } from "./hosting.ts";

export const alarmKinds = ["Errors", "Latency", "Overhead"] as const;
type Kind = (typeof alarmKinds)[number];

/** The permission in infra/ covers this form. */
const nameOf = (kind: Kind, endpoint: string) => `${kind}-endpoint/${endpoint}`;

const microseconds = 1_000_000;
const fiveMinutes = 300;

type Watched = Pick<
  PutMetricAlarmCommandInput,
  "AlarmDescription" | "MetricName" | "Threshold" | "EvaluationPeriods" | "Statistic" | "ExtendedStatistic"
>;

const watched: Record<Kind, Watched> = {
  Errors: {
    AlarmDescription:
      "More than 5 requests failed with status 5xx in 5 minutes. Read the log: `npx sluice logs <endpoint>`.",
    MetricName: "Invocation5XXErrors",
    Statistic: "Sum",
    Threshold: 5,
    EvaluationPeriods: 1,
  },
  Latency: {
    AlarmDescription:
      "One in ten responses of the model has taken longer than 10 seconds for a quarter of an hour.",
    MetricName: "ModelLatency",
    ExtendedStatistic: "p90",
    Threshold: 10 * microseconds,
    EvaluationPeriods: 3,
  },
  Overhead: {
    AlarmDescription:
      "SageMaker has added more than 5 seconds to one in ten requests for a quarter of an hour. Cold starts count.",
    MetricName: "OverheadLatency",
    ExtendedStatistic: "p90",
    Threshold: 5 * microseconds,
    EvaluationPeriods: 3,
  },
};

type Watching = Pick<DeploymentItem, "endpoint" | "hosting">;

/** An asynchronous endpoint may take an hour for a request. */
const kindsFor = ({ target }: DeploymentItem["hosting"]): readonly Kind[] =>
  target === "async" ? ["Errors"] : alarmKinds;

/** Returns the error, if any. The endpoint serves anyway. */
export async function createAlarms(item: Watching): Promise<string | undefined> {
  try {
    await putAlarms(item);
    return undefined;
  } catch (error) {
    const { name, message } = error as Error;
    return `It serves, but its alarms could not be created: ${name} ${message}`;
  }
}

async function putAlarms({ endpoint, hosting }: Watching): Promise<void> {
  const actions = [linked("Alarms", "arn")];
  const alarms = kindsFor(hosting).map((kind) =>
    cloudwatch().send(
      new PutMetricAlarmCommand({
        ...watched[kind],
        AlarmName: nameOf(kind, endpoint),
        Namespace: "AWS/SageMaker",
        Dimensions: [
          { Name: "EndpointName", Value: endpoint },
          { Name: "VariantName", Value: variantName },
        ],
        Period: fiveMinutes,
        ComparisonOperator: "GreaterThanThreshold",
        TreatMissingData: "notBreaching",
        AlarmActions: actions,
        OKActions: actions,
      }),
    ),
  );
  await Promise.all(alarms);
}

/** Alarms that do not exist are no error. */
export async function deleteAlarms(endpoint: string): Promise<void> {
  const names = alarmKinds.map((kind) => nameOf(kind, endpoint));
  await cloudwatch()
    .send(new DeleteAlarmsCommand({ AlarmNames: names }))
    .catch((error: unknown) => {
      if ((error as Error).name !== "ResourceNotFound")
        log().warn("The alarms could not be deleted", { endpoint, error: String(error) });
    });
}
