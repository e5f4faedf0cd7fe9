// The training job operations: they validate and store the request. The runner executes it.
import type { CreateTrainingJobRequest, DescribeTrainingJobResponse } from "@aws-sdk/client-sagemaker";
import { AwsError } from "../../../kernel/error.ts";
import type { Kernel, Operation } from "../../../kernel/service.ts";
import type { ProgramRegistry } from "../images.ts";
import { isFinished, type Job } from "../job/job.ts";
import type { JobStore } from "../job/job-store.ts";
import type { Runner } from "../job/runner.ts";
import { JOB_RUNTIME_SECONDS } from "../limits.ts";
import { page } from "../list.ts";
import type { Documents } from "../records.ts";
import { arnOf, checkName, invalid } from "../shape.ts";
import { checkTraining } from "./check.ts";

interface Named {
  TrainingJobName?: string;
}

export function trainingOperations(
  kernel: Kernel,
  programs: ProgramRegistry,
  documents: Documents,
  jobs: JobStore,
  runner: Runner,
): Record<string, Operation> {
  const find = ({ TrainingJobName: name = "" }: Named): Job<CreateTrainingJobRequest> => {
    const job = jobs.find("training-job", name);
    if (!job) throw invalid("Requested resource not found.");
    return job;
  };
  const date = (time: number | undefined) => (time === undefined ? undefined : new Date(time));

  return {
    CreateTrainingJob(input: CreateTrainingJobRequest) {
      const name = checkName("trainingJobName", input.TrainingJobName);
      const image = input.AlgorithmSpecification?.TrainingImage;
      checkTraining(input, Boolean(image) && "file" in programs.find(image!, "train"));
      const arn = arnOf(kernel.cloud, "training-job", name);
      if (jobs.find("training-job", name))
        throw new AwsError(
          "ResourceInUse",
          `Training job names must be unique within an AWS account and region, and a training job with this name already exists (${arn})`,
        );
      const { Tags, ...request } = input;
      const job = kernel.store.tx(() => {
        documents.tag(arn, Tags ?? []);
        return jobs.create({ kind: "training-job", name, arn, roleArn: input.RoleArn!, request });
      });
      runner.start(job);
      return { TrainingJobArn: arn };
    },

    DescribeTrainingJob(input: Named): Omit<DescribeTrainingJobResponse, "$metadata"> {
      const job = find(input);
      const { request } = job;
      const seconds =
        job.started === undefined
          ? undefined
          : Math.ceil(((job.ended ?? kernel.clock.now()) - job.started) / 1000);
      return {
        ...request,
        TrainingJobName: job.name,
        TrainingJobArn: job.arn,
        TrainingJobStatus: job.status,
        SecondaryStatus: job.phase,
        FailureReason: job.failure,
        StoppingCondition: request.StoppingCondition ?? { MaxRuntimeInSeconds: JOB_RUNTIME_SECONDS },
        ModelArtifacts: job.artifact === undefined ? undefined : { S3ModelArtifacts: job.artifact },
        CreationTime: new Date(job.created),
        TrainingStartTime: date(job.started),
        TrainingEndTime: date(job.ended),
        LastModifiedTime: new Date(job.modified),
        SecondaryStatusTransitions: job.transitions.map((entry) => ({
          ...entry,
          StartTime: new Date(entry.StartTime),
          EndTime: date(entry.EndTime),
        })),
        FinalMetricDataList: (runner.metrics(job) ?? job.metrics)?.map((point) => ({
          ...point,
          Timestamp: new Date(point.Timestamp),
        })),
        TrainingTimeInSeconds: seconds,
        // Nothing is billed, so there is no discount for spot capacity.
        BillableTimeInSeconds: seconds,
      };
    },

    ListTrainingJobs: (input) =>
      page(input, jobs.list("training-job"), "TrainingJobSummaries", (job) => ({
        TrainingJobName: job.name,
        TrainingJobArn: job.arn,
        CreationTime: new Date(job.created),
        TrainingEndTime: date(job.ended),
        LastModifiedTime: new Date(job.modified),
        TrainingJobStatus: job.status,
        SecondaryStatus: job.phase,
      })),

    StopTrainingJob(input: Named) {
      const job = find(input);
      if (isFinished(job))
        throw invalid(`The request was rejected because the training job is in status ${job.status}.`);
      runner.stop(job, "Stopped");
      return {};
    },

    DeleteTrainingJob(input: Named) {
      const job = find(input);
      if (!isFinished(job))
        throw new AwsError(
          "ResourceInUse",
          `The training job ${job.name} is in status ${job.status}; stop it first.`,
        );
      documents.forget(job.kind, job.name, job.arn);
      return {};
    },
  };
}
