// The operations on models, which are immutable.
import type { CreateModelInput, DescribeModelOutput } from "@aws-sdk/client-sagemaker";
import type { Kernel, Operation } from "../../kernel/service.ts";
import { checkEnvironment, checkVpc } from "./job/check.ts";
import { listPage } from "./list.ts";
import { openLookup } from "./lookup.ts";
import type { Documents } from "./records.ts";
import { arnOf, checkName, invalid, type Model, refuseMembers } from "./shape.ts";

export function modelOperations(kernel: Kernel, documents: Documents): Record<string, Operation> {
  const { model } = openLookup(kernel.cloud, documents);

  return {
    CreateModel(input: CreateModelInput) {
      refuseMembers("CreateModel", input, [
        "ModelName",
        "PrimaryContainer",
        "ExecutionRoleArn",
        "VpcConfig",
        "Tags",
      ]);
      const name = checkName("modelName", input.ModelName);
      const container = input.PrimaryContainer;
      if (!container?.Image) throw invalid("PrimaryContainer with an Image is required to create a model.");
      if (!input.ExecutionRoleArn) throw invalid("ExecutionRoleArn is required to create a model.");
      refuseMembers("CreateModel PrimaryContainer", container, [
        "Image",
        "ModelDataUrl",
        "Environment",
        "Mode",
        "ContainerHostname",
      ]);
      if (container.Mode && container.Mode !== "SingleModel")
        refuseMembers("CreateModel PrimaryContainer", { [`Mode=${container.Mode}`]: true }, []);
      checkEnvironment(container.Environment);
      checkVpc("vpcConfig", input.VpcConfig);
      const arn = arnOf(kernel.cloud, "model", name);
      if (documents.get("model", name)) throw invalid(`Cannot create already existing model "${arn}".`);
      const created: Model = {
        name,
        arn,
        container,
        roleArn: input.ExecutionRoleArn,
        vpc: input.VpcConfig,
        created: kernel.clock.now(),
      };
      kernel.store.tx(() => {
        documents.put("model", name, created.created, created);
        documents.tag(arn, input.Tags ?? []);
      });
      return { ModelArn: arn };
    },

    DescribeModel(input: { ModelName?: string }): Omit<DescribeModelOutput, "$metadata"> {
      const found = model(input.ModelName);
      return {
        ModelName: found.name,
        ModelArn: found.arn,
        PrimaryContainer: found.container,
        ExecutionRoleArn: found.roleArn,
        VpcConfig: found.vpc,
        CreationTime: new Date(found.created),
        EnableNetworkIsolation: false,
      };
    },

    DeleteModel(input: { ModelName?: string }) {
      const { name, arn } = model(input.ModelName);
      documents.forget("model", name, arn);
      return {};
    },

    ListModels: (input) =>
      listPage(input, documents.list<Model>("model"), "Models", (found) => ({
        ModelName: found.name,
        ModelArn: found.arn,
        CreationTime: new Date(found.created),
      })),
  };
}
