// The processing job operations: they validate and store the request. The runner executes it.
import type { CreateProcessingJobRequest, DescribeProcessingJobResponse } from "@aws-sdk/client-sagemaker";
import { AwsError } from "../../../kernel/error.ts";
import type { Kernel, Operation } from "../../../kernel/service.ts";
import { isFinished, type Job } from "../job/job.ts";
import type { JobStore } from "../job/job-store.ts";
import type { Runner } from "../job/runner.ts";
import { page } from "../list.ts";
import type { Documents } from "../records.ts";
import { arnOf, checkName, invalid } from "../shape.ts";
import { checkProcessing } from "./check.ts";

interface Named {
  ProcessingJobName?: string;
}

export function processingOperations(
  kernel: Kernel,
  documents: Documents,
  jobs: JobStore,
  runner: Runner,
): Record<string, Operation> {
  const find = ({ ProcessingJobName: name = "" }: Named): Job<CreateProcessingJobRequest> => {
    const job = jobs.find("processing-job", name);
    if (!job) throw invalid(`Could not find requested job with name: ${name}`);
    return job;
  };
  const date = (time: number | undefined) => (time === undefined ? undefined : new Date(time));
  const summary = (job: Job) => ({
    ProcessingJobName: job.name,
    ProcessingJobArn: job.arn,
    ProcessingJobStatus: job.status,
    FailureReason: job.failure,
    ExitMessage: job.exitMessage,
    CreationTime: new Date(job.created),
    ProcessingEndTime: date(job.ended),
    LastModifiedTime: new Date(job.modified),
  });

  return {
    CreateProcessingJob(input: CreateProcessingJobRequest) {
      const name = checkName("processingJobName", input.ProcessingJobName);
      checkProcessing(input);
      const arn = arnOf(kernel.cloud, "processing-job", name);
      if (jobs.find("processing-job", name))
        throw new AwsError(
          "ResourceInUse",
          `Job name must be unique within an AWS account and region, and a job with this name already exists (${arn})`,
        );
      const { Tags, ...request } = input;
      const job = kernel.store.tx(() => {
        documents.tag(arn, Tags ?? []);
        return jobs.create({ kind: "processing-job", name, arn, roleArn: input.RoleArn!, request });
      });
      runner.start(job);
      return { ProcessingJobArn: arn };
    },

    DescribeProcessingJob(input: Named): Omit<DescribeProcessingJobResponse, "$metadata"> {
      const job = find(input);
      return { ...job.request, ...summary(job), ProcessingStartTime: date(job.started) };
    },

    ListProcessingJobs: (input) =>
      page(input, jobs.list("processing-job"), "ProcessingJobSummaries", summary),

    StopProcessingJob(input: Named) {
      const job = find(input);
      if (isFinished(job))
        throw invalid(`The request was rejected because the processing job is in status ${job.status}.`);
      runner.stop(job, "Stopped");
      return {};
    },

    DeleteProcessingJob(input: Named) {
      const job = find(input);
      if (!isFinished(job))
        throw new AwsError(
          "ResourceInUse",
          `The processing job ${job.name} is in status ${job.status}; stop it first.`,
        );
      documents.forget(job.kind, job.name, job.arn);
      return {};
    },
  };
}
