// The account's quotas of SageMaker, and the error for a request beyond one.
import { SluiceError } from "../error/error.ts";

export const SERVERLESS_MEMORY = "Memory size in MB per serverless endpoint";
export const SERVERLESS_CONCURRENCY =
  "Maximum total concurrency that can be allocated across all serverless endpoints";
export type InstanceUse = "endpoint" | "training job" | "spot training job" | "processing job";
export const instanceQuota = (type: string, use: InstanceUse): string => `${type} for ${use} usage`;

/** AWS's codes. Those for instances differ by type: Service Quotas lists them. */
const CODES: Record<string, string> = { [SERVERLESS_CONCURRENCY]: "L-96300102" };
const CONSOLE = "https://console.aws.amazon.com/servicequotas/home/services";

export interface Shortage {
  quota: string;
  limit: number;
  used: number;
  /** How much more the request needs. */
  delta: number;
}

/** How to raise a quota. Users do not find that of the memory in Service Quotas. */
export function requestIncrease(quota: string, code = CODES[quota], service = "sagemaker"): string {
  if (quota === SERVERLESS_MEMORY)
    return `request an increase of "${quota}" from AWS Support, or in Service Quotas where it is listed: ${CONSOLE}/${service}/quotas`;
  return `request an increase of "${quota}"${code ? ` (${code})` : ""}: ${CONSOLE}/${service}/quotas${code ? `/${code}` : ""}`;
}

/** `instead`: what works without an increase, as a sentence. */
export function quotaError(
  { quota, limit, used, delta }: Shortage,
  instead: string,
  code?: string,
): SluiceError {
  const inUse = used > 0 ? `, of which ${used} are in use` : "";
  return new SluiceError(
    "QUOTA_EXCEEDED",
    `The AWS account's quota "${quota}" is ${limit}${inUse}. This needs ${delta} more.`,
    { hint: `${instead} Or ${requestIncrease(quota, code)}`, details: { quota, limit } },
  );
}
