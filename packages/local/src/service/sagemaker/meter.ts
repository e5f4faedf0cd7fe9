// SageMaker's metrics of an endpoint's invocations, sent to CloudWatch in batches.
import type { ProductionVariant } from "@aws-sdk/client-sagemaker";
import type { Kernel } from "../../kernel/service.ts";
import type { Endpoint } from "./shape.ts";
import { countOf } from "./endpoint/variant.ts";

const FLUSH_MS = 1_000;
/** PutMetricData's limit for the values of one datum. */
const VALUES_PER_DATUM = 150;

interface Series {
  endpoint: string;
  variant: string;
  name: string;
  values: number[];
  /** Epoch milliseconds. */
  since: number;
}

export interface Meter {
  /** `status`: the container's, or 0 without a response. */
  recordInvocation(endpoint: Endpoint, variant: ProductionVariant, status: number, latencyMs: number): void;
  flush(): Promise<void>;
}

export function openMeter(kernel: Kernel): Meter {
  const gathered = new Map<string, Series>();
  let cancel: (() => void) | undefined;
  let sending = Promise.resolve();

  function add(endpoint: string, variant: string, name: string, value: number) {
    const key = `${endpoint}/${variant}/${name}`;
    const series = gathered.get(key) ?? {
      endpoint,
      variant,
      name,
      values: [],
      since: kernel.clock.now(),
    };
    series.values.push(value);
    gathered.set(key, series);
  }

  const data = () =>
    [...gathered.values()].flatMap(({ endpoint, variant, name, values, since }) =>
      Array.from({ length: Math.ceil(values.length / VALUES_PER_DATUM) }, (_, index) => ({
        MetricName: name,
        Values: values.slice(index * VALUES_PER_DATUM, (index + 1) * VALUES_PER_DATUM),
        Timestamp: new Date(since),
        Unit: name === "ModelLatency" ? "Microseconds" : "None",
        Dimensions: [
          { Name: "EndpointName", Value: endpoint },
          { Name: "VariantName", Value: variant },
        ],
      })),
    );

  const flush = () => {
    cancel?.();
    cancel = undefined;
    const MetricData = data();
    gathered.clear();
    const send = async () => {
      for (let start = 0; start < MetricData.length; start += 1000)
        await kernel.call(
          "cloudwatch",
          "PutMetricData",
          { Namespace: "AWS/SageMaker", MetricData: MetricData.slice(start, start + 1000) },
          { kind: "service", name: "sagemaker.amazonaws.com" },
        );
    };
    return (sending = sending
      .then(send)
      .catch((error: Error) =>
        kernel.log("debug", `Metrics of invocations were not stored: ${error.message}`),
      ));
  };

  return {
    recordInvocation(endpoint, variant, status, latencyMs) {
      const put = (name: string, value: number) => add(endpoint.name, variant.VariantName!, name, value);
      put("Invocations", 1);
      put("InvocationsPerInstance", 1 / (countOf(endpoint, variant) || 1));
      put("Invocation4XXErrors", status >= 400 && status < 500 ? 1 : 0);
      put("Invocation5XXErrors", status < 200 || status >= 500 ? 1 : 0);
      if (status > 0) put("ModelLatency", Math.round(latencyMs * 1000));
      cancel ??= kernel.clock.after(FLUSH_MS, () => void flush());
    },
    flush,
  };
}
