// Assembles SageMaker's control plane and runtime: one service, because both use the same running endpoints.
import type { Access, Kernel, Operation, Service } from "../../kernel/service.ts";
import { openBacklog } from "./async/backlog.ts";
import { asyncOperations } from "./async/operations.ts";
import { openQueue } from "./async/queue.ts";
import { endpointConfigOperations } from "./endpoint-configs.ts";
import { modelOperations } from "./models.ts";
import { endpointOperations } from "./endpoint/operations.ts";
import { openInvocations } from "./invocation.ts";
import { registerPrograms } from "./images.ts";
import type { Job } from "./job/job.ts";
import { openJobStore } from "./job/job-store.ts";
import { startRunner } from "./job/runner.ts";
import { startLifecycle } from "./endpoint/lifecycle.ts";
import { openMeter } from "./meter.ts";
import { publishProcessing } from "./processing/events.ts";
import { processingOperations } from "./processing/operations.ts";
import { processingSpec } from "./processing/spec.ts";
import { openQuotaGuard } from "./quota.ts";
import { openDocuments, type Documents } from "./records.ts";
import { runtimeOperations } from "./runtime.ts";
import { arnOf, invalid } from "./shape.ts";
import { publishTraining } from "./training/events.ts";
import { trainingOperations } from "./training/operations.ts";
import { trainingSpec } from "./training/spec.ts";

export function startSageMaker(kernel: Kernel): Service {
  const documents = openDocuments(kernel.store);
  const quotaGuard = openQuotaGuard(kernel, documents);
  const programs = registerPrograms(kernel.graph, kernel.root);
  const lifecycle = startLifecycle(kernel, documents, programs);
  const meter = openMeter(kernel);
  const invocations = openInvocations(kernel, documents, lifecycle, meter);
  const queue = openQueue(kernel, invocations);
  const backlog = openBacklog(kernel, documents, queue);
  const jobs = openJobStore(kernel, documents, (job, before) =>
    job.kind === "training-job"
      ? publishTraining(kernel, documents, job)
      : publishProcessing(kernel, documents, job, before),
  );
  const runner = startRunner(kernel, programs, jobs, (job: Job) =>
    job.kind === "training-job" ? trainingSpec(kernel, job) : processingSpec(kernel, job),
  );
  const tagging: Record<string, Operation> = {
    AddTags(input: { ResourceArn?: string; Tags?: Array<{ Key?: string; Value?: string }> }) {
      documents.tag(required(input.ResourceArn), input.Tags ?? []);
      return { Tags: documents.tags(input.ResourceArn!) };
    },
    DeleteTags(input: { ResourceArn?: string; TagKeys?: string[] }) {
      documents.untag(required(input.ResourceArn), input.TagKeys ?? []);
      return {};
    },
    ListTags: (input: { ResourceArn?: string }) => ({ Tags: documents.tags(required(input.ResourceArn)) }),
  };

  return {
    operations: {
      ...modelOperations(kernel, documents),
      ...endpointConfigOperations(kernel, documents),
      ...endpointOperations({ kernel, documents, lifecycle, quotaGuard, onResize: queue.wake }),
      ...trainingOperations({ kernel, documents, jobs, runner, quotaGuard }, programs),
      ...processingOperations({ kernel, documents, jobs, runner, quotaGuard }),
      ...tagging,
      ...runtimeOperations(invocations),
      ...asyncOperations(kernel, invocations, queue),
    },
    access: (operation, input) => accessOf(kernel, documents, operation, input),
    resume() {
      lifecycle.resume();
      runner.resume();
      queue.resume();
      backlog.watch();
    },
    async stop() {
      await Promise.all([backlog.stop(), queue.close(), lifecycle.stop(), runner.close()]);
      await meter.flush();
    },
  };
}

function required(arn: string | undefined): string {
  if (!arn) throw invalid("ResourceArn is required.");
  return arn;
}

/** AWS checks the operation's resources, iam:PassRole for a role, and AddTags for tags at creation. */
function accessOf(
  { cloud }: Kernel,
  documents: Documents,
  operation: string,
  input: Record<string, any>,
): Access[] {
  const action = `sagemaker:${operation}`;
  if (operation.startsWith("List") && operation !== "ListTags") return [{ action, resource: "*" }];
  const resources = [
    operation.endsWith("Tags") && input["ResourceArn"],
    operation.endsWith("Model") && arnOf(cloud, "model", input["ModelName"]),
    input["EndpointConfigName"] && arnOf(cloud, "endpoint-config", input["EndpointConfigName"]),
    input["EndpointName"] && arnOf(cloud, "endpoint", input["EndpointName"]),
    input["TrainingJobName"] && arnOf(cloud, "training-job", input["TrainingJobName"]),
    input["ProcessingJobName"] && arnOf(cloud, "processing-job", input["ProcessingJobName"]),
  ].filter(Boolean) as string[];
  const requested = tagContext("aws:RequestTag", input["Tags"]);
  const access: Access[] = resources.map((resource) => ({
    action,
    resource,
    context: { ...requested, ...tagContext("aws:ResourceTag", documents.tags(resource)) },
  }));
  if (operation.startsWith("Create") && input["Tags"]?.length)
    access.push({ ...access.at(-1)!, action: "sagemaker:AddTags" });
  const role = input["ExecutionRoleArn"] ?? input["RoleArn"];
  if (role) {
    const context = { "iam:PassedToService": "sagemaker.amazonaws.com" };
    access.push({ action: "iam:PassRole", resource: role, context });
  }
  return access;
}

/** Condition keys of tags, such as "aws:ResourceTag/team". A resource without tags has none. */
const tagContext = (key: string, tags: Array<{ Key?: string; Value?: string }> = []) =>
  Object.fromEntries(tags.map(({ Key, Value = "" }) => [`${key}/${Key}`, Value]));
