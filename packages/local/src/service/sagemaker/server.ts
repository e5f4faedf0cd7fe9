// SageMaker's control plane and runtime: one service, since both speak of the same running endpoints.
import type { Access, Kernel, Operation, Service } from "../../kernel/service.ts";
import { catalogue } from "./catalogue.ts";
import { endpointOperations } from "./endpoints.ts";
import { startLifecycle } from "./lifecycle.ts";
import { openDocuments } from "./records.ts";
import { runtimeOperations } from "./runtime.ts";
import { arnOf, invalid } from "./shape.ts";

export function startSageMaker(kernel: Kernel): Service {
  const documents = openDocuments(kernel.store);
  const lifecycle = startLifecycle(kernel, documents);
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
      ...catalogue(kernel, documents),
      ...endpointOperations(kernel, documents, lifecycle),
      ...tagging,
      ...runtimeOperations(kernel, documents, lifecycle),
    },
    access: (operation, input) => accessOf(kernel, operation, input),
    resume: () => lifecycle.resume(),
    stop: () => lifecycle.stop(),
  };
}

function required(arn: string | undefined): string {
  if (!arn) throw invalid("ResourceArn is required.");
  return arn;
}

/** AWS checks the resources an operation names, a role that is handed over, and tags given at creation. */
function accessOf({ place }: Kernel, operation: string, input: Record<string, any>): Access[] {
  const action = `sagemaker:${operation}`;
  if (operation.startsWith("List") && operation !== "ListTags") return [{ action, resource: "*" }];
  const resources = [
    operation.endsWith("Tags") && input["ResourceArn"],
    operation.endsWith("Model") && arnOf(place, "model", input["ModelName"]),
    input["EndpointConfigName"] && arnOf(place, "endpoint-config", input["EndpointConfigName"]),
    input["EndpointName"] && arnOf(place, "endpoint", input["EndpointName"]),
  ].filter(Boolean) as string[];
  const access = resources.map((resource) => ({ action, resource }));
  if (operation.startsWith("Create") && input["Tags"]?.length)
    access.push({ action: "sagemaker:AddTags", resource: resources.at(-1)! });
  if (input["ExecutionRoleArn"]) access.push({ action: "iam:PassRole", resource: input["ExecutionRoleArn"] });
  return access;
}
