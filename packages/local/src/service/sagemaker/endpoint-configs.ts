// The operations on endpoint configurations, which are immutable.
import type {
  AsyncInferenceConfig,
  CreateEndpointConfigInput,
  DescribeEndpointConfigOutput,
  ProductionVariant,
} from "@aws-sdk/client-sagemaker";
import { notImplemented } from "../../kernel/error.ts";
import type { Kernel, Operation } from "../../kernel/service.ts";
import { ASYNC_CONCURRENCY_MAX, SERVERLESS_MAX_CONCURRENCY, SERVERLESS_MEMORY_MB } from "./limits.ts";
import { listPage } from "./list.ts";
import { openLookup } from "./lookup.ts";
import type { Documents } from "./records.ts";
import { parseS3Uri } from "./s3.ts";
import {
  arnOf,
  checkName,
  type Endpoint,
  type EndpointConfig,
  invalid,
  type Model,
  refuseMembers,
} from "./shape.ts";

export function endpointConfigOperations(kernel: Kernel, documents: Documents): Record<string, Operation> {
  const { model, config } = openLookup(kernel.cloud, documents);
  return {
    CreateEndpointConfig(input: CreateEndpointConfigInput) {
      refuseMembers("CreateEndpointConfig", input, [
        "EndpointConfigName",
        "ProductionVariants",
        "AsyncInferenceConfig",
        "Tags",
      ]);
      const name = checkName("endpointConfigName", input.EndpointConfigName);
      const arn = arnOf(kernel.cloud, "endpoint-config", name);
      if (documents.get("endpoint-config", name))
        throw invalid(`Cannot create already existing endpoint configuration "${arn}".`);
      const variants = input.ProductionVariants ?? [];
      checkVariants(variants, model);
      const asynchronous = input.AsyncInferenceConfig;
      if (asynchronous) checkAsync(asynchronous, variants);
      const created: EndpointConfig = {
        name,
        arn,
        variants,
        async: asynchronous,
        created: kernel.clock.now(),
      };
      kernel.store.tx(() => {
        documents.put("endpoint-config", name, created.created, created);
        documents.tag(arn, input.Tags ?? []);
      });
      return { EndpointConfigArn: arn };
    },

    DescribeEndpointConfig(input: {
      EndpointConfigName?: string;
    }): Omit<DescribeEndpointConfigOutput, "$metadata"> {
      const found = config(input.EndpointConfigName);
      return {
        EndpointConfigName: found.name,
        EndpointConfigArn: found.arn,
        ProductionVariants: found.variants,
        AsyncInferenceConfig: found.async,
        CreationTime: new Date(found.created),
        EnableNetworkIsolation: false,
      };
    },

    DeleteEndpointConfig(input: { EndpointConfigName?: string }) {
      const found = config(input.EndpointConfigName);
      const user = documents
        .list<Endpoint>("endpoint")
        .find(
          (endpoint) =>
            endpoint.status !== "Failed" && [endpoint.config, endpoint.nextConfig].includes(found.name),
        );
      // AWS allows this, and the endpoint may then fail. Here it is rejected.
      if (user)
        throw invalid(
          `Cannot delete endpoint configuration "${found.arn}" in use by endpoint "${user.name}".`,
        );
      documents.forget("endpoint-config", found.name, found.arn);
      return {};
    },

    ListEndpointConfigs: (input) =>
      listPage(input, documents.list<EndpointConfig>("endpoint-config"), "EndpointConfigs", (found) => ({
        EndpointConfigName: found.name,
        EndpointConfigArn: found.arn,
        CreationTime: new Date(found.created),
      })),
  };
}

function checkVariants(variants: ProductionVariant[], requireModel: (name: string | undefined) => Model) {
  if (variants.length < 1 || variants.length > 10)
    throw invalid("ProductionVariants must hold between 1 and 10 variants.");
  const names = new Set<string>();
  for (const variant of variants) {
    const name = checkName("productionVariants.variantName", variant.VariantName);
    if (names.has(name)) throw invalid(`Variant name "${name}" is used twice.`);
    names.add(name);
    const model = requireModel(variant.ModelName);
    const serverless = variant.ServerlessConfig;
    if (!serverless) {
      if (!variant.InstanceType || !variant.InitialInstanceCount)
        throw invalid(
          `Variant "${name}" needs InstanceType and InitialInstanceCount, or a ServerlessConfig.`,
        );
      continue;
    }
    if (model.vpc)
      throw invalid(
        `A serverless endpoint cannot be in a VPC, but the model "${model.name}" has a VpcConfig.`,
      );
    if (variants.length > 1) throw invalid("A serverless endpoint can have only one production variant.");
    if (!SERVERLESS_MEMORY_MB.includes(serverless.MemorySizeInMB ?? 0))
      throw invalid(`ServerlessConfig.MemorySizeInMB must be one of ${SERVERLESS_MEMORY_MB.join(", ")}.`);
    const concurrency = serverless.MaxConcurrency ?? 0;
    if (concurrency < 1 || concurrency > SERVERLESS_MAX_CONCURRENCY)
      throw invalid(`ServerlessConfig.MaxConcurrency must be between 1 and ${SERVERLESS_MAX_CONCURRENCY}.`);
  }
}

function checkAsync({ ClientConfig, OutputConfig }: AsyncInferenceConfig, variants: ProductionVariant[]) {
  if (variants.some((variant) => variant.ServerlessConfig))
    throw invalid("AsyncInferenceConfig is not supported for a serverless endpoint.");
  refuseMembers("CreateEndpointConfig AsyncInferenceConfig.OutputConfig", OutputConfig ?? {}, [
    "S3OutputPath",
    "S3FailurePath",
    "NotificationConfig",
  ]);
  for (const path of [OutputConfig?.S3OutputPath ?? "", OutputConfig?.S3FailurePath ?? "s3://none"])
    if (!parseS3Uri(path)) throw invalid(`AsyncInferenceConfig.OutputConfig: "${path}" is not an S3 URI.`);
  if (OutputConfig?.NotificationConfig?.IncludeInferenceResponseIn?.length)
    throw notImplemented("sagemaker CreateEndpointConfig with NotificationConfig.IncludeInferenceResponseIn");
  const concurrency = ClientConfig?.MaxConcurrentInvocationsPerInstance ?? 1;
  if (concurrency < 1 || concurrency > ASYNC_CONCURRENCY_MAX)
    throw invalid(`MaxConcurrentInvocationsPerInstance must be between 1 and ${ASYNC_CONCURRENCY_MAX}.`);
}
