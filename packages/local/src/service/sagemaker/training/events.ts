// "SageMaker Training Job State Change" events: statuses in Pascal case, times as epoch milliseconds, tags as a map, no
// model artifacts.
import type { CreateTrainingJobRequest } from "@aws-sdk/client-sagemaker";
import type { Kernel } from "../../../kernel/service.ts";
import type { Job } from "../job/job.ts";
import type { Documents } from "../records.ts";

export function publishTraining(kernel: Kernel, documents: Documents, job: Job<CreateTrainingJobRequest>) {
  const { request } = job;
  kernel.publish({
    source: "aws.sagemaker",
    detailType: "SageMaker Training Job State Change",
    resources: [job.arn],
    detail: {
      TrainingJobName: job.name,
      TrainingJobArn: job.arn,
      TrainingJobStatus: job.status,
      SecondaryStatus: job.phase,
      ...(job.failure && { FailureReason: job.failure }),
      HyperParameters: request.HyperParameters ?? {},
      AlgorithmSpecification: request.AlgorithmSpecification,
      RoleArn: job.roleArn,
      InputDataConfig: request.InputDataConfig ?? [],
      OutputDataConfig: request.OutputDataConfig,
      ResourceConfig: request.ResourceConfig,
      StoppingCondition: request.StoppingCondition,
      CreationTime: job.created,
      ...(job.started && { TrainingStartTime: job.started }),
      ...(job.ended && { TrainingEndTime: job.ended }),
      LastModifiedTime: job.modified,
      SecondaryStatusTransitions: job.transitions,
      Tags: documents.tagMap(job.arn),
    },
  });
}
