// AWS/Lambda metrics.
import type { Kernel } from "../../kernel/service.ts";
import { openMetricWriter } from "../cloudwatch/writer.ts";

/** CloudWatch shows minutes: a busy function does not need more writes. */
const FLUSH_MS = 5_000;

export type Meter = ReturnType<typeof openMeter>;

export function openMeter(kernel: Kernel) {
  const { add, flush } = openMetricWriter(
    kernel,
    { kind: "service", name: "lambda.amazonaws.com" },
    "AWS/Lambda",
    FLUSH_MS,
  );
  return {
    recordRun(FunctionName: string, durationMs: number, failed: boolean) {
      add({ FunctionName }, "Invocations", "Count", 1);
      add({ FunctionName }, "Errors", "Count", failed ? 1 : 0);
      add({ FunctionName }, "Duration", "Milliseconds", durationMs);
      add({ FunctionName }, "Throttles", "Count", 0);
    },
    recordThrottle(FunctionName: string) {
      add({ FunctionName }, "Throttles", "Count", 1);
      // Of all functions: they share the account's quota.
      add({}, "Throttles", "Count", 1);
    },
    flush,
  };
}
