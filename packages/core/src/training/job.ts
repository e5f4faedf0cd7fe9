import { DescribeTrainingJobCommand, StopTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import { isMissing } from "../aws/sagemaker-errors.ts";
import { sagemaker } from "../aws/sagemaker.ts";
import { SluiceError } from "../error/error.ts";
import type { JobObservation } from "./job-event.ts";
import { TrainingStatus } from "./training.ts";

/** Undefined when the job does not exist. */
export async function describeJob(name: string): Promise<JobObservation | undefined> {
  const found = await sagemaker()
    .send(new DescribeTrainingJobCommand({ TrainingJobName: name }))
    .catch((error: unknown) => {
      if (isMissing(error)) return undefined;
      throw error;
    });
  if (!found) return undefined;
  const status = TrainingStatus.safeParse(found.TrainingJobStatus);
  const modifiedAt = found.LastModifiedTime ?? found.CreationTime;
  if (!status.success || !modifiedAt)
    throw new SluiceError(
      "EVENT_INVALID",
      `${name}: TrainingJobStatus "${found.TrainingJobStatus}" is unknown.`,
    );
  const iso = (date: Date | undefined) => date?.toISOString();
  return {
    name,
    model: found.HyperParameters?.["model"]?.replace(/^"(.*)"$/, "$1"),
    status: status.data,
    secondaryStatus: found.SecondaryStatus,
    failureReason: found.FailureReason || undefined,
    hyperparameters: found.HyperParameters,
    image: found.AlgorithmSpecification?.TrainingImage,
    artifact: found.ModelArtifacts?.S3ModelArtifacts,
    metrics: found.FinalMetricDataList?.length
      ? Object.fromEntries(found.FinalMetricDataList.map(({ MetricName, Value }) => [MetricName!, Value!]))
      : undefined,
    billableSeconds: found.BillableTimeInSeconds,
    steps: found.SecondaryStatusTransitions?.map(({ Status, StartTime, EndTime, StatusMessage }) => ({
      status: Status!,
      startedAt: StartTime!.toISOString(),
      endedAt: iso(EndTime),
      message: StatusMessage || undefined,
    })),
    modifiedAt: modifiedAt.getTime(),
    createdAt: found.CreationTime?.getTime() ?? modifiedAt.getTime(),
    startedAt: iso(found.TrainingStartTime),
    finishedAt: iso(found.TrainingEndTime),
  };
}

/** False when there is nothing to stop: no job yet, or an ended one. */
export async function stopJob(name: string): Promise<boolean> {
  try {
    await sagemaker().send(new StopTrainingJobCommand({ TrainingJobName: name }));
    return true;
  } catch (error) {
    if (isMissing(error) || (error as Error).name === "ValidationException") return false;
    throw error;
  }
}
