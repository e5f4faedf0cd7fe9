// The training job operations.
import type { CreateTrainingJobRequest, DescribeTrainingJobResponse } from "@aws-sdk/client-sagemaker";
import type { Operation } from "../../../kernel/service.ts";
import type { ProgramRegistry } from "../images.ts";
import type { Job } from "../job/job.ts";
import { dateOf, jobOperations, type JobServices } from "../job/operations.ts";
import { JOB_RUNTIME_SECONDS } from "../limits.ts";
import { checkTraining } from "./check.ts";

export function trainingOperations(
  services: JobServices,
  programs: ProgramRegistry,
): Record<string, Operation> {
  const { kernel, runner } = services;

  const summary = (job: Job) => ({
    TrainingJobName: job.name,
    TrainingJobArn: job.arn,
    CreationTime: new Date(job.created),
    TrainingEndTime: dateOf(job.ended),
    LastModifiedTime: new Date(job.modified),
    TrainingJobStatus: job.status,
    SecondaryStatus: job.phase,
  });

  function describe(job: Job<CreateTrainingJobRequest>): Omit<DescribeTrainingJobResponse, "$metadata"> {
    const { request } = job;
    const seconds =
      job.started === undefined
        ? undefined
        : Math.ceil(((job.ended ?? kernel.clock.now()) - job.started) / 1000);
    return {
      ...request,
      ...summary(job),
      FailureReason: job.failure,
      StoppingCondition: request.StoppingCondition ?? { MaxRuntimeInSeconds: JOB_RUNTIME_SECONDS },
      ModelArtifacts: job.artifact === undefined ? undefined : { S3ModelArtifacts: job.artifact },
      TrainingStartTime: dateOf(job.started),
      SecondaryStatusTransitions: job.transitions.map((entry) => ({
        ...entry,
        StartTime: new Date(entry.StartTime),
        EndTime: dateOf(entry.EndTime),
      })),
      FinalMetricDataList: (runner.metrics(job) ?? job.metrics)?.map((point) => ({
        ...point,
        Timestamp: new Date(point.Timestamp),
      })),
      TrainingTimeInSeconds: seconds,
      // Nothing is billed, so there is no discount for spot capacity.
      BillableTimeInSeconds: seconds,
    };
  }

  return jobOperations<CreateTrainingJobRequest>(services, {
    kind: "training-job",
    word: "Training",
    check(input) {
      const image = input.AlgorithmSpecification?.TrainingImage;
      checkTraining(input, Boolean(image) && "file" in programs.find(image!, "train"));
    },
    notFound: () => "Requested resource not found.",
    nameTaken: (arn) =>
      `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${arn})`,
    describe,
    summary,
  });
}
