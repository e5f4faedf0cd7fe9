// "SageMaker Processing Job State Change" events: statuses in Pascal case, nested enumerations in upper case, times as
// epoch milliseconds, tags as a map.
import type { CreateProcessingJobRequest } from "@aws-sdk/client-sagemaker";
import type { Kernel } from "../../../kernel/service.ts";
import type { Job } from "../job/job.ts";
import type { Documents } from "../records.ts";

/** MANIFEST_FILE, FULLYREPLICATED, PIPE and CONTINUOUS were observed on AWS; the others follow by analogy. */
const UPPER_CASE: Record<string, string> = {
  S3Prefix: "S3_PREFIX",
  ManifestFile: "MANIFEST_FILE",
  FullyReplicated: "FULLYREPLICATED",
  ShardedByS3Key: "SHARDEDBYS3KEY",
  EndOfJob: "END_OF_JOB",
  File: "FILE",
  None: "NONE",
};

const toUpperCase = (members: object) =>
  Object.fromEntries(
    Object.entries(members).map(([name, value]) => [
      name,
      /Type$|Mode$/.test(name) ? (UPPER_CASE[value as string] ?? value) : value,
    ]),
  );

/** Processing jobs publish changes of their status only, not of their phase. */
export function publishProcessing(
  kernel: Kernel,
  documents: Documents,
  job: Job<CreateProcessingJobRequest>,
  before: Job | undefined,
) {
  if (before?.status === job.status) return;
  const { request } = job;
  const outputs = request.ProcessingOutputConfig?.Outputs;
  kernel.publish({
    source: "aws.sagemaker",
    detailType: "SageMaker Processing Job State Change",
    resources: [job.arn],
    detail: {
      ProcessingJobName: job.name,
      ProcessingJobArn: job.arn,
      ProcessingJobStatus: job.status,
      ...(job.failure && { FailureReason: job.failure }),
      ...(job.exitMessage && { ExitMessage: job.exitMessage }),
      ProcessingInputs: (request.ProcessingInputs ?? []).map((input) => ({
        ...input,
        S3Input: toUpperCase(input.S3Input!),
      })),
      ProcessingOutputConfig: outputs && {
        Outputs: outputs.map((output) => ({ ...output, S3Output: toUpperCase(output.S3Output!) })),
      },
      ProcessingResources: request.ProcessingResources,
      StoppingCondition: request.StoppingCondition,
      AppSpecification: request.AppSpecification,
      Environment: request.Environment ?? {},
      RoleArn: job.roleArn,
      CreationTime: job.created,
      ...(job.started && { ProcessingStartTime: job.started }),
      ...(job.ended && { ProcessingEndTime: job.ended }),
      LastModifiedTime: job.modified,
      Tags: documents.tagMap(job.arn),
    },
  });
}
