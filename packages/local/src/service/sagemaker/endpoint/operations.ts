// The endpoint operations: they validate and store the request. The lifecycle executes it.
import type {
  CreateEndpointInput,
  DescribeEndpointOutput,
  UpdateEndpointInput,
  UpdateEndpointWeightsAndCapacitiesInput,
} from "@aws-sdk/client-sagemaker";
import type { Kernel, Operation } from "../../../kernel/service.ts";
import { checkDeployment } from "./deployment.ts";
import type { Lifecycle } from "./lifecycle.ts";
import { listPage } from "../list.ts";
import { openLookup } from "../lookup.ts";
import type { QuotaGuard } from "../quota.ts";
import type { Documents } from "../records.ts";
import {
  arnOf,
  checkName,
  type Endpoint,
  type EndpointConfig,
  invalid,
  type Model,
  refuseMembers,
} from "../shape.ts";
import { countOf, weightOf } from "./variant.ts";

interface EndpointServices {
  kernel: Kernel;
  documents: Documents;
  lifecycle: Lifecycle;
  quotaGuard: QuotaGuard;
  /** Called after an endpoint's number of instances changed. */
  onResize: (endpoint: string) => void;
}

export function endpointOperations({
  kernel,
  documents,
  lifecycle,
  quotaGuard,
  onResize,
}: EndpointServices): Record<string, Operation> {
  const { endpoint, config } = openLookup(kernel.cloud, documents);
  const record = (document: Endpoint) => {
    lifecycle.save(document);
    lifecycle.advance(document.name);
  };
  const serverless = (found: EndpointConfig) => found.variants.some((variant) => variant.ServerlessConfig);

  return {
    CreateEndpoint(input: CreateEndpointInput) {
      refuseMembers("CreateEndpoint", input, ["EndpointName", "EndpointConfigName", "Tags"]);
      const name = checkName("endpointName", input.EndpointName);
      const arn = arnOf(kernel.cloud, "endpoint", name);
      const created = config(input.EndpointConfigName);
      if (documents.get("endpoint", name)) throw invalid(`Cannot create already existing endpoint "${arn}".`);
      quotaGuard.checkEndpoint(name, created);
      documents.tag(arn, input.Tags ?? []);
      const now = kernel.clock.now();
      record({
        name,
        arn,
        config: created.name,
        status: "Creating",
        weights: {},
        created: now,
        modified: now,
      });
      return { EndpointArn: arn };
    },

    UpdateEndpoint(input: UpdateEndpointInput) {
      refuseMembers("UpdateEndpoint", input, [
        "EndpointName",
        "EndpointConfigName",
        "RetainAllVariantProperties",
        "ExcludeRetainedVariantProperties",
        "DeploymentConfig",
        "RetainDeploymentConfig",
      ]);
      if (input.DeploymentConfig) checkDeployment(input.DeploymentConfig);
      const found = endpoint(input.EndpointName);
      const next = config(input.EndpointConfigName);
      if (found.status !== "InService") throw invalid(`Cannot update in-progress endpoint "${found.arn}".`);
      if (found.config === next.name)
        throw invalid(
          `Endpoint "${found.name}" already uses configuration "${next.name}"; an update needs a new one.`,
        );
      if (serverless(next) && !serverless(config(found.config)))
        throw invalid("An instance-based endpoint cannot be updated to a serverless one.");
      quotaGuard.checkEndpoint(found.name, next);
      const { failure: _, ...rest } = found;
      record({
        ...rest,
        status: "Updating",
        nextConfig: next.name,
        retain: readRetain(input),
        deployment: input.DeploymentConfig ?? (input.RetainDeploymentConfig ? found.deployment : undefined),
      });
      return { EndpointArn: found.arn };
    },

    UpdateEndpointWeightsAndCapacities(input: UpdateEndpointWeightsAndCapacitiesInput) {
      const found = endpoint(input.EndpointName);
      if (found.status !== "InService") throw invalid(`Cannot update in-progress endpoint "${found.arn}".`);
      const { variants, async } = config(found.config);
      const weights = { ...found.weights };
      const counts = { ...found.counts };
      for (const desired of input.DesiredWeightsAndCapacities ?? []) {
        refuseMembers("UpdateEndpointWeightsAndCapacities", desired, [
          "VariantName",
          "DesiredWeight",
          "DesiredInstanceCount",
        ]);
        const { VariantName: name = "", DesiredWeight: weight, DesiredInstanceCount: count } = desired;
        const variant = variants.find(({ VariantName }) => VariantName === name);
        if (!variant) throw invalid(`Endpoint "${found.name}" has no variant "${name}".`);
        if (weight !== undefined && !(weight >= 0))
          throw invalid(`DesiredWeight of variant "${name}" must not be negative.`);
        if (count !== undefined && variant.ServerlessConfig)
          throw invalid(`Variant "${name}" is serverless: it has no DesiredInstanceCount.`);
        const least = async ? 0 : 1;
        if (count !== undefined && !(Number.isInteger(count) && count >= least))
          throw invalid(`DesiredInstanceCount of variant "${name}" must be at least ${least}.`);
        if (weight !== undefined) weights[name] = weight;
        if (count !== undefined) counts[name] = count;
      }
      const changed = { ...found, weights, counts };
      lifecycle.save({ ...changed, status: "Updating" });
      lifecycle.save({ ...changed, status: "InService" });
      lifecycle.resize(found.name);
      onResize(found.name);
      return { EndpointArn: found.arn };
    },

    DeleteEndpoint(input: { EndpointName?: string }) {
      const found = endpoint(input.EndpointName);
      if (found.status === "Updating" || found.status === "RollingBack")
        throw invalid(`Cannot delete endpoint "${found.arn}" while status is ${found.status}.`);
      if (found.status !== "Deleting") record({ ...found, status: "Deleting" });
      return {};
    },

    DescribeEndpoint(input: { EndpointName?: string }): Omit<DescribeEndpointOutput, "$metadata"> {
      const found = endpoint(input.EndpointName);
      // The configuration of a failed endpoint may be deleted.
      const current = documents.get<EndpointConfig>("endpoint-config", found.config);
      return {
        EndpointName: found.name,
        EndpointArn: found.arn,
        EndpointConfigName: found.config,
        EndpointStatus: found.status,
        FailureReason: found.failure,
        CreationTime: new Date(found.created),
        LastModifiedTime: new Date(found.modified),
        LastDeploymentConfig: found.deployment,
        AsyncInferenceConfig: current?.async,
        ProductionVariants:
          found.status === "Creating"
            ? undefined
            : current?.variants.map((variant) => summary(found, variant)),
      };
    },

    ListEndpoints: (input) =>
      listPage(input, documents.list<Endpoint>("endpoint"), "Endpoints", (found) => ({
        EndpointName: found.name,
        EndpointArn: found.arn,
        EndpointStatus: found.status,
        CreationTime: new Date(found.created),
        LastModifiedTime: new Date(found.modified),
      })),
  };

  function summary(found: Endpoint, variant: EndpointConfig["variants"][number]) {
    const weight = weightOf(found, variant);
    const count = countOf(found, variant) ?? 0;
    const image = documents.get<Model>("model", variant.ModelName!)?.container.Image;
    return {
      VariantName: variant.VariantName,
      DeployedImages: image
        ? [{ SpecifiedImage: image, ResolvedImage: image, ResolutionTime: new Date(found.created) }]
        : [],
      CurrentWeight: weight,
      DesiredWeight: weight,
      CurrentInstanceCount: count,
      DesiredInstanceCount: count,
      CurrentServerlessConfig: variant.ServerlessConfig,
    };
  }
}

function readRetain({
  RetainAllVariantProperties,
  ExcludeRetainedVariantProperties = [],
}: UpdateEndpointInput) {
  const retains = (type: string) =>
    Boolean(RetainAllVariantProperties) &&
    !ExcludeRetainedVariantProperties.some(({ VariantPropertyType }) => VariantPropertyType === type);
  return { weights: retains("DesiredWeight"), counts: retains("DesiredInstanceCount") };
}
