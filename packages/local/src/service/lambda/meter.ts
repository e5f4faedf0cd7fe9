// AWS/Lambda metrics, sent to CloudWatch every few seconds so that invocations do not wait for them.
import type { Kernel } from "../../kernel/service.ts";

export interface Meter {
  recordRun(name: string, durationMs: number, failed: boolean): void;
  recordThrottle(name: string): void;
  flush(): Promise<void>;
}

const FLUSH_MS = 5_000;
/** PutMetricData's limit for one datum. */
const VALUES_PER_DATUM = 150;

interface Datum {
  MetricName: string;
  Unit: "Count" | "Milliseconds";
  Dimensions: Array<{ Name: string; Value: string }>;
  Timestamp: Date;
  Values: number[];
}

export function openMeter(kernel: Kernel): Meter {
  const { clock } = kernel;
  let pending = new Map<string, Datum>();
  let cancel: (() => void) | undefined;

  function add(name: string, MetricName: string, Unit: Datum["Unit"], value: number) {
    const minute = Math.floor(clock.now() / 60_000) * 60_000;
    const key = `${name} ${MetricName} ${minute}`;
    const open = pending.get(key);
    if (open && open.Values.length === VALUES_PER_DATUM) pending.set(`${key} ${pending.size}`, open);
    const datum = (open && open.Values.length < VALUES_PER_DATUM && open) || {
      MetricName,
      Unit,
      Dimensions: [{ Name: "FunctionName", Value: name }],
      Timestamp: new Date(minute),
      Values: [],
    };
    datum.Values.push(value);
    pending.set(key, datum);
    cancel ??= clock.after(FLUSH_MS, () => void flush());
  }

  async function flush() {
    cancel?.();
    cancel = undefined;
    const MetricData = [...pending.values()];
    pending = new Map();
    if (MetricData.length === 0) return;
    const as = { kind: "service", name: "lambda.amazonaws.com" } as const;
    await kernel
      .call("cloudwatch", "PutMetricData", { Namespace: "AWS/Lambda", MetricData }, as)
      .catch((error) => kernel.log("debug", `Lambda's metrics were rejected: ${error.message}`));
  }

  return {
    recordRun(name, durationMs, failed) {
      add(name, "Invocations", "Count", 1);
      add(name, "Errors", "Count", failed ? 1 : 0);
      add(name, "Duration", "Milliseconds", durationMs);
      add(name, "Throttles", "Count", 0);
    },
    recordThrottle: (name) => add(name, "Throttles", "Count", 1),
    flush,
  };
}
