// `.sync` of SageMaker: the task ends when its job ends.
import type { Principal } from "../../../kernel/service.ts";
import type { Json, JsonObject } from "../language/json.ts";
import { callService, type Calls } from "./call.ts";
import { TaskError } from "./error.ts";

/** By the action: what the job is named by, and how it is read. */
const JOBS: Record<string, { describe: string; name: string; status: string }> = {
  createTrainingJob: {
    describe: "describeTrainingJob",
    name: "TrainingJobName",
    status: "TrainingJobStatus",
  },
  createProcessingJob: {
    describe: "describeProcessingJob",
    name: "ProcessingJobName",
    status: "ProcessingJobStatus",
  },
};

export const isJob = (action: string) => Object.hasOwn(JOBS, action);

export const jobNameOf = (action: string, parameters: Json) =>
  String((parameters as JsonObject)[JOBS[action]!.name]);

/** Undefined while the job runs. */
export async function readJob(
  calls: Calls,
  action: string,
  job: string,
  as: Principal,
): Promise<Json | undefined> {
  const { describe, name, status } = JOBS[action]!;
  const found = (await callService(calls, "sagemaker", describe, { [name]: job }, as)) as JsonObject;
  if (found[status] === "Completed") return found;
  if (found[status] === "Failed" || found[status] === "Stopped")
    throw new TaskError("SageMaker.AmazonSageMakerException", JSON.stringify(found));
  return undefined;
}

/** SageMaker has a job of this name already. */
export const isInUse = (error: unknown) =>
  error instanceof TaskError && error.error.startsWith("SageMaker.ResourceInUse");
