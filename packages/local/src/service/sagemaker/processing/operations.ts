// The processing job operations.
import type { CreateProcessingJobRequest, DescribeProcessingJobResponse } from "@aws-sdk/client-sagemaker";
import type { Operation } from "../../../kernel/service.ts";
import type { Job } from "../job/job.ts";
import { dateOf, jobOperations, type JobServices } from "../job/operations.ts";
import { checkProcessing } from "./check.ts";

export const processingOperations = (services: JobServices): Record<string, Operation> =>
  jobOperations<CreateProcessingJobRequest>(services, {
    kind: "processing-job",
    word: "Processing",
    check: checkProcessing,
    notFound: (name) => `Could not find requested job with name: ${name}`,
    nameTaken: (arn) =>
      `Job name must be unique within an AWS account and region, and a job with this name already exists (${arn})`,
    describe: (job): Omit<DescribeProcessingJobResponse, "$metadata"> => ({
      ...job.request,
      ...summary(job),
      ProcessingStartTime: dateOf(job.started),
    }),
    summary,
  });

const summary = (job: Job) => ({
  ProcessingJobName: job.name,
  ProcessingJobArn: job.arn,
  ProcessingJobStatus: job.status,
  FailureReason: job.failure,
  ExitMessage: job.exitMessage,
  CreationTime: new Date(job.created),
  ProcessingEndTime: dateOf(job.ended),
  LastModifiedTime: new Date(job.modified),
});
