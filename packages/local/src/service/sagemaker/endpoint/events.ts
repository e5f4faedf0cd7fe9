// Endpoint state-change events. SageMaker writes their status in UPPER_SNAKE (the API in Pascal case), and times as epoch
// milliseconds.
import type { Kernel } from "../../../kernel/service.ts";
import type { Documents } from "../records.ts";
import type { Endpoint, EndpointConfig } from "../shape.ts";
import { countOf, weightOf } from "./variant.ts";

const upperSnake = (pascal: string) => pascal.replace(/(?<=[a-z])(?=[A-Z])/g, "_").toUpperCase();

export function endpointEvents(kernel: Kernel, documents: Documents) {
  const variantsOf = (endpoint: Endpoint, configName: string) =>
    (documents.get<EndpointConfig>("endpoint-config", configName)?.variants ?? []).map((variant) => ({
      VariantName: variant.VariantName,
      DesiredWeight: weightOf(endpoint, variant),
      CurrentWeight: weightOf(endpoint, variant),
      ...(variant.InitialInstanceCount && {
        CurrentInstanceCount: countOf(endpoint, variant),
        DesiredInstanceCount: countOf(endpoint, variant),
      }),
      ...(variant.ServerlessConfig && { CurrentServerlessConfig: variant.ServerlessConfig }),
    }));
  const common = (endpoint: Endpoint) => ({
    EndpointName: endpoint.name,
    EndpointArn: endpoint.arn,
    EndpointConfigName: endpoint.config,
    ProductionVariants: variantsOf(endpoint, endpoint.config),
    EndpointStatus: upperSnake(endpoint.status),
    ...(endpoint.failure && { FailureReason: endpoint.failure }),
    CreationTime: endpoint.created,
    LastModifiedTime: endpoint.modified,
    Tags: documents.tagMap(endpoint.arn),
  });

  return {
    changed(endpoint: Endpoint) {
      kernel.publish({
        source: "aws.sagemaker",
        detailType: "SageMaker Endpoint State Change",
        resources: [endpoint.arn],
        detail: common(endpoint),
      });
    },
    /** A step of a deployment. `status` is a variant status, in Pascal case. */
    deploying(endpoint: Endpoint, status: "Creating" | "ActivatingTraffic" | "Baking") {
      const next = endpoint.nextConfig ?? endpoint.config;
      kernel.publish({
        source: "aws.sagemaker",
        detailType: "SageMaker Endpoint Deployment State Change",
        resources: [endpoint.arn],
        detail: {
          ...common(endpoint),
          PendingDeploymentSummary: {
            EndpointConfigName: next,
            StartTime: endpoint.modified,
            ProductionVariants: variantsOf(endpoint, next).map((variant) => ({
              ...variant,
              VariantStatus: [{ Status: status, StartTime: kernel.clock.now() }],
            })),
          },
        },
      });
    },
  };
}

export type EndpointEvents = ReturnType<typeof endpointEvents>;
