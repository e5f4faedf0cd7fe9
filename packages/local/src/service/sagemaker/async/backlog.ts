// Backlog metrics of asynchronous endpoints, measured every minute, for scaling policies.
import type { Kernel } from "../../../kernel/service.ts";
import type { Documents } from "../records.ts";
import type { Endpoint, EndpointConfig } from "../shape.ts";
import { instancesOf } from "../endpoint/variant.ts";
import type { AsyncQueue } from "./queue.ts";

const MINUTE_MS = 60_000;
/** Before a minute's end, so that alarms and policies find the point. */
const EARLY_MS = 2_000;

export interface Backlog {
  watch(): void;
  stop(): Promise<void>;
}

export function openBacklog(kernel: Kernel, documents: Documents, queue: AsyncQueue): Backlog {
  const { clock } = kernel;
  let cancel = () => {};
  let working = Promise.resolve();

  function watch() {
    const next = Math.floor((clock.now() + EARLY_MS) / MINUTE_MS + 1) * MINUTE_MS - EARLY_MS;
    cancel = clock.after(next - clock.now(), () => {
      working = working
        .then(measure)
        .catch((error: Error) => kernel.log("debug", `Backlogs were not measured: ${error.message}`));
      watch();
    });
  }

  async function measure() {
    const MetricData = documents.list<Endpoint>("endpoint").flatMap((endpoint) => {
      const config = documents.get<EndpointConfig>("endpoint-config", endpoint.config);
      return config?.async && endpoint.status === "InService" ? dataOf(endpoint, config) : [];
    });
    if (MetricData.length === 0) return;
    await kernel.call(
      "cloudwatch",
      "PutMetricData",
      { Namespace: "AWS/SageMaker", MetricData },
      { kind: "service", name: "sagemaker.amazonaws.com" },
    );
  }

  function dataOf(endpoint: Endpoint, config: EndpointConfig) {
    const instances = instancesOf(endpoint, config);
    const backlog = queue.backlog(endpoint.name);
    const datum = (MetricName: string, Value: number) => ({
      MetricName,
      Value,
      Timestamp: new Date(clock.now()),
      Dimensions: [{ Name: "EndpointName", Value: endpoint.name }],
    });
    return [
      datum("ApproximateBacklogSize", backlog),
      ...(instances > 0 ? [datum("ApproximateBacklogSizePerInstance", backlog / instances)] : []),
      datum("HasBacklogWithoutCapacity", backlog > 0 && instances === 0 ? 1 : 0),
    ];
  }

  return {
    watch,
    async stop() {
      cancel();
      await working;
    },
  };
}
