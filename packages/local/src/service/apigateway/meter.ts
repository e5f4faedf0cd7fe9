// AWS/ApiGateway metrics of HTTP APIs.
import type { ServerResponse } from "node:http";
import type { Kernel } from "../../kernel/service.ts";
import { openMetricWriter } from "../cloudwatch/writer.ts";

/** CloudWatch shows minutes: a busy API does not need more writes. */
const FLUSH_MS = 5_000;

export function openMeter(kernel: Kernel) {
  const { add } = openMetricWriter(
    kernel,
    { kind: "service", name: "apigateway.amazonaws.com" },
    "AWS/ApiGateway",
    FLUSH_MS,
  );
  return {
    /** Records the request when its response is complete. */
    record(ApiId: string, response: ServerResponse) {
      const started = kernel.clock.now();
      response.once("finish", () => {
        const status = response.statusCode;
        add({ ApiId }, "Count", "Count", 1);
        add({ ApiId }, "4xx", "Count", status >= 400 && status < 500 ? 1 : 0);
        add({ ApiId }, "5xx", "Count", status >= 500 ? 1 : 0);
        add({ ApiId }, "Latency", "Milliseconds", kernel.clock.now() - started);
      });
    },
  };
}
