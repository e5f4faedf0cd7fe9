// The account's quotas, by service code and quota name, as Service Quotas lists them.
import { readFileSync } from "node:fs";

export type Quotas = Record<string, Record<string, number>>;

export const CONCURRENT_EXECUTIONS = "Concurrent executions";
export const SERVERLESS_MEMORY = "Memory size in MB per serverless endpoint";
export const SERVERLESS_CONCURRENCY =
  "Maximum total concurrency that can be allocated across all serverless endpoints";
export type InstanceUse = "endpoint" | "training job" | "spot training job" | "processing job";
export const instanceQuota = (type: string, use: InstanceUse) => `${type} for ${use} usage`;

const SIZES = ["large", "xlarge", "2xlarge", "4xlarge"];
const CPU = ["m5", "m6i", "c5", "c6i", "r5"].flatMap((family) => SIZES.map((size) => `ml.${family}.${size}`));
const SMALL = ["ml.t2.medium", "ml.t2.large"];
const GPU = ["g4dn", "g5", "g6"].flatMap((family) => SIZES.slice(1).map((size) => `ml.${family}.${size}`));
const LARGE_GPU = ["ml.p3.2xlarge", "ml.p4d.24xlarge", "ml.p5.48xlarge"];

interface Instances {
  endpoint: number;
  training: number;
  spot: number;
  processing: number;
}

const instances = (types: string[], { endpoint, training, spot, processing }: Instances) =>
  Object.fromEntries(
    types.flatMap((type) => [
      [instanceQuota(type, "endpoint"), endpoint],
      [instanceQuota(type, "training job"), training],
      [instanceQuota(type, "spot training job"), spot],
      [instanceQuota(type, "processing job"), processing],
    ]),
  );
const NONE: Instances = { endpoint: 0, training: 0, spot: 0, processing: 0 };

/** After the usual increases: every example runs as declared. Instances with large GPUs remain at 0. */
export const DEFAULT_ACCOUNT: Quotas = {
  lambda: { [CONCURRENT_EXECUTIONS]: 1_000 },
  sagemaker: {
    [SERVERLESS_MEMORY]: 6_144,
    [SERVERLESS_CONCURRENCY]: 200,
    ...instances([...SMALL, ...CPU], { endpoint: 20, training: 20, spot: 20, processing: 20 }),
    ...instances(GPU, { endpoint: 4, training: 4, spot: 4, processing: 4 }),
    ...instances(LARGE_GPU, NONE),
  },
};

/** As users report them of new accounts. AWS publishes no figures and changes them by account. */
export const NEW_ACCOUNT: Quotas = {
  lambda: { [CONCURRENT_EXECUTIONS]: 10 },
  sagemaker: {
    [SERVERLESS_MEMORY]: 3_072,
    [SERVERLESS_CONCURRENCY]: 10,
    ...instances(CPU, { endpoint: 0, training: 4, spot: 0, processing: 4 }),
    ...instances(SMALL, { endpoint: 2, training: 0, spot: 0, processing: 0 }),
    ...instances([...GPU, ...LARGE_GPU], NONE),
  },
};

const ACCOUNTS: Record<string, Quotas> = { default: DEFAULT_ACCOUNT, "new-account": NEW_ACCOUNT };

/** An instance type that is not listed has quota 0, as on AWS. */
export const quotaOf = (quotas: Quotas, service: string, name: string): number =>
  quotas[service]?.[name] ?? 0;

/** `default`, `new-account`, or a JSON file whose quotas replace those of a new account. */
export function readQuotas(named: string): Quotas {
  const known = ACCOUNTS[named];
  if (known) return known;
  let given: unknown;
  try {
    given = JSON.parse(readFileSync(named, "utf8"));
  } catch (cause) {
    throw new QuotasInvalid(`"${named}" is no readable JSON file.`, { cause });
  }
  const services = Object.entries((given ?? {}) as Record<string, unknown>);
  for (const [service, values] of services) {
    if (!(service in NEW_ACCOUNT))
      throw new QuotasInvalid(`${named} has the unknown service "${service}". Known: lambda, sagemaker.`);
    for (const [name, value] of Object.entries((values ?? {}) as Record<string, unknown>))
      if (typeof value !== "number" || !(value >= 0))
        throw new QuotasInvalid(`${named}: "${name}" must be a number of at least 0.`);
  }
  return Object.fromEntries(
    Object.entries(NEW_ACCOUNT).map(([service, values]) => [
      service,
      { ...values, ...(given as Quotas)[service] },
    ]),
  );
}

export class QuotasInvalid extends Error {
  readonly code = "QUOTAS_INVALID";
  readonly hint = "Use `default`, `new-account`, or a JSON file such as docs/local.md shows.";
}
