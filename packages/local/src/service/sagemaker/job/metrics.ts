// Extracts a training job's metrics from its log with the regular expressions of its metric definitions, and sends them to
// CloudWatch with the job's role.
import type { MetricDefinition } from "@aws-sdk/client-sagemaker";
import type { Kernel } from "../../../kernel/service.ts";
import { openMetricWriter } from "../../cloudwatch/writer.ts";
import { asRole } from "../s3.ts";
import type { Job, MetricPoint } from "./job.ts";

/** Limits the time of regular expressions from requests. */
const LINE_CHARACTERS = 8_192;

export type Metrics = ReturnType<typeof openMetrics>;

export function openMetrics(kernel: Kernel, job: Job, definitions: MetricDefinition[]) {
  const patterns = definitions.map(({ Name, Regex }) => ({ name: Name!, pattern: new RegExp(Regex!) }));
  const last = new Map<string, MetricPoint>();
  const writer = openMetricWriter(kernel, asRole(job.roleArn), "/aws/sagemaker/TrainingJobs");

  return {
    read(whole: string) {
      const line = whole.slice(0, LINE_CHARACTERS);
      for (const { name, pattern } of patterns) {
        const found = pattern.exec(line)?.[1];
        if (found === undefined || found.trim() === "" || !Number.isFinite(Number(found))) continue;
        last.set(name, { MetricName: name, Value: Number(found), Timestamp: kernel.clock.now() });
        writer.add({ TrainingJobName: job.name }, name, "None", Number(found));
      }
    },
    /** The last value of each metric. */
    latest: () => [...last.values()],
    flush: writer.flush,
  };
}
