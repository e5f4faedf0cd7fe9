// SageMaker's metrics of an endpoint's invocations.
import type { ProductionVariant } from "@aws-sdk/client-sagemaker";
import type { Kernel } from "../../kernel/service.ts";
import { openMetricWriter } from "../cloudwatch/writer.ts";
import { countOf } from "./endpoint/variant.ts";
import type { Endpoint } from "./shape.ts";

export type Meter = ReturnType<typeof openMeter>;

export function openMeter(kernel: Kernel) {
  const { add, flush } = openMetricWriter(
    kernel,
    { kind: "service", name: "sagemaker.amazonaws.com" },
    "AWS/SageMaker",
  );
  return {
    /** `status`: the container's, or 0 without a response. */
    recordInvocation(endpoint: Endpoint, variant: ProductionVariant, status: number, latencyMs: number) {
      const dimensions = { EndpointName: endpoint.name, VariantName: variant.VariantName! };
      add(dimensions, "Invocations", "None", 1);
      add(dimensions, "InvocationsPerInstance", "None", 1 / (countOf(endpoint, variant) || 1));
      add(dimensions, "Invocation4XXErrors", "None", status >= 400 && status < 500 ? 1 : 0);
      add(dimensions, "Invocation5XXErrors", "None", status < 200 || status >= 500 ? 1 : 0);
      if (status > 0) add(dimensions, "ModelLatency", "Microseconds", Math.round(latencyMs * 1000));
    },
    flush,
  };
}
