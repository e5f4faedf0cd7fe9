// Backlog metrics of asynchronous endpoints, measured every minute, for scaling policies.
import type { Kernel } from "../../../kernel/service.ts";
import { openMetricWriter } from "../../cloudwatch/writer.ts";
import type { Documents } from "../records.ts";
import type { Endpoint, EndpointConfig } from "../shape.ts";
import { instancesOf } from "../endpoint/variant.ts";
import type { AsyncQueue } from "./queue.ts";

const MINUTE_MS = 60_000;
/** Before a minute's end, so that alarms and policies find the point. */
const EARLY_MS = 2_000;

export function openBacklog(kernel: Kernel, documents: Documents, queue: AsyncQueue) {
  const { clock } = kernel;
  const { add, flush } = openMetricWriter(
    kernel,
    { kind: "service", name: "sagemaker.amazonaws.com" },
    "AWS/SageMaker",
  );
  let cancel = () => {};
  let working = Promise.resolve();

  function watch() {
    const next = Math.floor((clock.now() + EARLY_MS) / MINUTE_MS + 1) * MINUTE_MS - EARLY_MS;
    cancel = clock.after(next - clock.now(), () => {
      working = working.then(measure).catch((error: Error) => {
        kernel.log("warn", `The backlog of asynchronous endpoints was not measured: ${error.message}`);
      });
      watch();
    });
  }

  async function measure() {
    for (const endpoint of documents.list<Endpoint>("endpoint")) {
      const config = documents.get<EndpointConfig>("endpoint-config", endpoint.config);
      if (!config?.async || endpoint.status !== "InService") continue;
      const instances = instancesOf(endpoint, config);
      const backlog = queue.backlog(endpoint.name);
      const put = (name: string, value: number) => add({ EndpointName: endpoint.name }, name, "None", value);
      put("ApproximateBacklogSize", backlog);
      if (instances > 0) put("ApproximateBacklogSizePerInstance", backlog / instances);
      put("HasBacklogWithoutCapacity", backlog > 0 && instances === 0 ? 1 : 0);
    }
    await flush();
  }

  return {
    watch,
    async stop() {
      cancel();
      await working;
    },
  };
}
