// Reads the quota and its use from SageMaker's ResourceLimitExceeded. Its message is the only source of both for a quota
// that Service Quotas does not list.
import { SluiceError } from "../error/error.ts";
import { quotaError, type Shortage } from "./quota.ts";

const MESSAGE =
  /service limit '(?<quota>[^']+)' is (?<limit>[\d.]+)[^,]*, with current utilization of (?<used>[\d.]+).*? request delta of (?<delta>[\d.]+)/s;

export const isQuotaExceeded = (error: unknown): error is Error =>
  error instanceof Error && error.name === "ResourceLimitExceeded";

/** Undefined when AWS words the message differently. */
export function readShortage({ message }: Error): Shortage | undefined {
  const found = MESSAGE.exec(message)?.groups as Record<keyof Shortage, string> | undefined;
  if (!found) return undefined;
  const { quota, limit, used, delta } = found;
  return { quota, limit: Number(limit), used: Number(used), delta: Number(delta) };
}

/** `instead`: what works without an increase, as a sentence. */
export function toQuotaError(error: Error, instead: string): SluiceError {
  const shortage = readShortage(error);
  if (shortage) return quotaError(shortage, instead);
  return new SluiceError("QUOTA_EXCEEDED", error.message, {
    hint: `${instead} Or request an increase of the named quota in Service Quotas.`,
  });
}
