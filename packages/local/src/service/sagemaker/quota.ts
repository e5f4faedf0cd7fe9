// The account's quotas for SageMaker, with AWS's error.
import type { ProductionVariant } from "@aws-sdk/client-sagemaker";
import { AwsError } from "../../kernel/error.ts";
import {
  type InstanceUse,
  instanceQuota,
  quotaOf,
  SERVERLESS_CONCURRENCY,
  SERVERLESS_MEMORY,
} from "../../kernel/quotas.ts";
import type { Kernel } from "../../kernel/service.ts";
import { countOf } from "./endpoint/variant.ts";
import { isFinished, type Job, type JobKind } from "./job/job.ts";
import type { Documents } from "./records.ts";
import type { Endpoint, EndpointConfig } from "./shape.ts";

export type QuotaGuard = ReturnType<typeof openQuotaGuard>;

interface Usage {
  concurrency: number;
  instances: Map<string, number>;
}

export function openQuotaGuard({ quotas }: Kernel, documents: Documents) {
  const check = (name: string, used: number, delta: number, unit: string) => {
    const limit = quotaOf(quotas, "sagemaker", name);
    if (delta > 0 && used + delta > limit) throw exceeded(name, limit, used, delta, unit);
  };

  /** Of one endpoint, with the larger of its two configurations during an update. */
  function usageOf(endpoint: Endpoint): Usage {
    const usages = [endpoint.config, endpoint.nextConfig].map((name) =>
      usageOfVariants(documents.get<EndpointConfig>("endpoint-config", name ?? "")?.variants ?? [], endpoint),
    );
    return {
      concurrency: Math.max(...usages.map(({ concurrency }) => concurrency)),
      instances: usages.map(({ instances }) => instances).reduce(larger),
    };
  }

  return {
    /** Before an endpoint is created with a configuration, or updated to it. */
    checkEndpoint(name: string, { variants }: EndpointConfig) {
      for (const { ServerlessConfig } of variants) {
        const memory = ServerlessConfig?.MemorySizeInMB ?? 0;
        if (memory > quotaOf(quotas, "sagemaker", SERVERLESS_MEMORY))
          check(SERVERLESS_MEMORY, 0, memory, "MBs");
      }
      const all = documents.list<Endpoint>("endpoint").filter(({ status }) => status !== "Failed");
      const used = all.map(usageOf);
      const own = all.find((endpoint) => endpoint.name === name);
      const before = own ? usageOf(own) : { concurrency: 0, instances: new Map<string, number>() };
      const after = usageOfVariants(variants, own);
      const concurrency = used.reduce((sum, one) => sum + one.concurrency, 0);
      check(SERVERLESS_CONCURRENCY, concurrency, after.concurrency - before.concurrency, "");
      for (const [type, count] of after.instances) {
        const inUse = used.reduce((sum, { instances }) => sum + (instances.get(type) ?? 0), 0);
        const delta = count - (before.instances.get(type) ?? 0);
        check(instanceQuota(type, "endpoint"), inUse, delta, "Instances");
      }
    },

    /** Before a training or processing job is created. */
    checkJob(kind: JobKind, request: JobRequest) {
      const { type, use, count } = instancesOf(kind, request);
      const used = documents
        .list<Job<JobRequest>>(kind)
        .filter((job) => !isFinished(job))
        .map((job) => instancesOf(kind, job.request))
        .filter((other) => other.type === type && other.use === use)
        .reduce((sum, other) => sum + other.count, 0);
      check(instanceQuota(type, use), used, count, "Instances");
    },
  };
}

interface Instances {
  InstanceType?: string;
  InstanceCount?: number;
}

export interface JobRequest {
  ResourceConfig?: Instances;
  EnableManagedSpotTraining?: boolean;
  ProcessingResources?: { ClusterConfig?: Instances };
}

function instancesOf(kind: JobKind, request: JobRequest): { type: string; use: InstanceUse; count: number } {
  const { InstanceType: type = "", InstanceCount: count = 1 } =
    request.ResourceConfig ?? request.ProcessingResources?.ClusterConfig ?? {};
  if (kind === "processing-job") return { type, use: "processing job", count };
  return { type, use: request.EnableManagedSpotTraining ? "spot training job" : "training job", count };
}

function usageOfVariants(variants: ProductionVariant[], endpoint?: Endpoint): Usage {
  const instances = new Map<string, number>();
  for (const variant of variants) {
    const { InstanceType: type, InitialInstanceCount: initial = 0 } = variant;
    const count = (endpoint && countOf(endpoint, variant)) ?? initial;
    if (type) instances.set(type, (instances.get(type) ?? 0) + count);
  }
  const concurrency = variants.reduce(
    (sum, { ServerlessConfig }) => sum + (ServerlessConfig?.MaxConcurrency ?? 0),
    0,
  );
  return { concurrency, instances };
}

const larger = (one: Map<string, number>, other: Map<string, number>) =>
  new Map([...one, ...other].map(([type]) => [type, Math.max(one.get(type) ?? 0, other.get(type) ?? 0)]));

/** AWS's message. */
function exceeded(name: string, limit: number, used: number, delta: number, unit: string) {
  const amount = (value: number) => (unit === "" ? String(value) : `${value} ${unit}`);
  return new AwsError(
    "ResourceLimitExceeded",
    `The account-level service limit '${name}' is ${amount(limit)}, with current utilization of ${amount(used)} and a ` +
      `request delta of ${amount(delta)}. Please use AWS Service Quotas to request an increase for this quota. If AWS ` +
      "Service Quotas is not available, contact AWS support to request an increase for this quota.",
  );
}
