// Sends metrics to CloudWatch in batches, so that nothing waits for them.
import type { StandardUnit } from "@aws-sdk/client-cloudwatch";
import type { Kernel, Principal } from "../../kernel/service.ts";
import { DATA_PER_CALL, VALUES_PER_DATUM } from "./limits.ts";

interface Metric {
  MetricName: string;
  Unit: StandardUnit;
  Dimensions: Array<{ Name: string; Value: string }>;
  Timestamp: Date;
  Values: number[];
}

/** By default. */
const FLUSH_MS = 1_000;
/** CloudWatch's shortest period: values of one minute share a timestamp. */
const MINUTE_MS = 60_000;

export function openMetricWriter(
  kernel: Kernel,
  principal: Principal,
  Namespace: string,
  flushMs = FLUSH_MS,
) {
  const { clock } = kernel;
  let pending = new Map<string, Metric>();
  let cancel: (() => void) | undefined;
  let sending = Promise.resolve();
  let warned = false;

  async function send(metrics: Metric[]) {
    const data = metrics.flatMap(({ Values, ...metric }) =>
      chunks(Values, VALUES_PER_DATUM).map((values) => ({ ...metric, Values: values })),
    );
    try {
      for (const MetricData of chunks(data, DATA_PER_CALL))
        await kernel.call("cloudwatch", "PutMetricData", { Namespace, MetricData }, principal);
      warned = false;
    } catch (error) {
      if (!warned) kernel.log("warn", `Metrics of ${Namespace} were not stored: ${(error as Error).message}`);
      warned = true;
    }
  }

  const flush = () => {
    cancel?.();
    cancel = undefined;
    const metrics = [...pending.values()];
    pending = new Map();
    return (sending = sending.then(() => send(metrics)));
  };

  return {
    add(dimensions: Record<string, string>, name: string, unit: StandardUnit, value: number) {
      const minute = Math.floor(clock.now() / MINUTE_MS);
      const key = JSON.stringify([dimensions, name, minute]);
      const metric = pending.get(key) ?? {
        MetricName: name,
        Unit: unit,
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
        Timestamp: new Date(clock.now()),
        Values: [],
      };
      metric.Values.push(value);
      pending.set(key, metric);
      cancel ??= clock.after(flushMs, () => void flush());
    },
    flush,
  };
}

const chunks = <T>(list: T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(list.length / size) }, (_, at) => list.slice(at * size, (at + 1) * size));
