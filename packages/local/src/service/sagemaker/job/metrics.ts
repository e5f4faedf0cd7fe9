// Extracts a training job's metrics from its log with the regular expressions of its metric definitions, and sends them to
// CloudWatch with the job's role.
import type { MetricDefinition } from "@aws-sdk/client-sagemaker";
import type { Kernel } from "../../../kernel/service.ts";
import type { Job, MetricPoint } from "./job.ts";

const FLUSH_MS = 1_000;
/** Limits the time of regular expressions from requests. */
const LINE_CHARACTERS = 8_192;
/** PutMetricData's limit for one call. */
const DATA_PER_CALL = 1_000;

export interface Metrics {
  read(line: string): void;
  /** The last value of each metric. */
  latest(): MetricPoint[];
  flush(): Promise<void>;
}

export function openMetrics(kernel: Kernel, job: Job, definitions: MetricDefinition[]): Metrics {
  const patterns = definitions.map(({ Name, Regex }) => ({ name: Name!, pattern: new RegExp(Regex!) }));
  const last = new Map<string, MetricPoint>();
  let pending: MetricPoint[] = [];
  let sending = Promise.resolve();
  let cancel: (() => void) | undefined;
  let warned = false;

  async function send(points: MetricPoint[]) {
    try {
      for (let start = 0; start < points.length; start += DATA_PER_CALL)
        await kernel.call(
          "cloudwatch",
          "PutMetricData",
          {
            Namespace: "/aws/sagemaker/TrainingJobs",
            MetricData: points
              .slice(start, start + DATA_PER_CALL)
              .map(({ MetricName, Value, Timestamp }) => ({
                MetricName,
                Value,
                Timestamp: new Date(Timestamp),
                Dimensions: [{ Name: "TrainingJobName", Value: job.name }],
              })),
          },
          { kind: "role", arn: job.roleArn, session: "SageMaker" },
        );
    } catch (error) {
      if (!warned)
        kernel.log("warn", `The metrics of ${job.name} were not stored: ${(error as Error).message}`);
      warned = true;
    }
  }

  const flush = () => {
    cancel?.();
    cancel = undefined;
    const points = pending;
    pending = [];
    return (sending = sending.then(() => send(points)));
  };

  return {
    read(whole) {
      const line = whole.slice(0, LINE_CHARACTERS);
      for (const { name, pattern } of patterns) {
        const found = pattern.exec(line)?.[1];
        if (found === undefined || found.trim() === "" || !Number.isFinite(Number(found))) continue;
        const point = { MetricName: name, Value: Number(found), Timestamp: kernel.clock.now() };
        last.set(name, point);
        pending.push(point);
        cancel ??= kernel.clock.after(FLUSH_MS, () => void flush());
      }
    },
    latest: () => [...last.values()],
    flush,
  };
}
