// Refuses a training whose instance quota is 0 before any work starts: a new account often has none for spot.
import { ServiceQuotasClient } from "@aws-sdk/client-service-quotas";
import { lazy } from "../aws/lazy.ts";
import { log } from "../log.ts";
import { listQuotas, type Quotas } from "./list.ts";
import { instanceQuota, quotaError } from "./quota.ts";

// A VPC may have no route to Service Quotas. The check is then skipped before its function times out.
const client = lazy(
  () =>
    new ServiceQuotasClient({
      maxAttempts: 2,
      requestHandler: { connectionTimeout: 2_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
    }),
);

/** Throws QUOTA_EXCEEDED. A quota that cannot be read is not checked: SageMaker then refuses the job itself. */
export async function requireTrainingQuota({
  instance,
  spot,
}: {
  instance: string;
  spot: boolean;
}): Promise<void> {
  const quotas = await readQuotas();
  const name = instanceQuota(instance, spot ? "spot training job" : "training job");
  const found = quotas.get(name);
  if (found?.value !== 0) return;
  throw quotaError(
    { quota: name, limit: 0, used: 0, delta: 1 },
    insteadOf(quotas, instance, spot),
    found.code,
  );
}

const MAX_SUGGESTIONS = 3;

function insteadOf(quotas: Quotas, instance: string, spot: boolean): string {
  const has = (type: string, use: "training job" | "spot training job") =>
    (quotas.get(instanceQuota(type, use))?.value ?? 0) > 0;
  if (spot && has(instance, "training job")) return "Train on demand: --no-spot.";
  const suffix = instanceQuota("", "training job");
  const others = [...quotas]
    .filter(([name, { value }]) => value > 0 && name.endsWith(suffix))
    .map(([name]) => name.slice(0, -suffix.length))
    .filter((type) => type.startsWith("ml.") && !type.includes(" "))
    .toSorted((one, other) => rank(one, instance) - rank(other, instance))
    .slice(0, MAX_SUGGESTIONS);
  if (others.length === 0) return "No instance type of this account may train.";
  return `Use another instance type, such as --instance ${others.join(", ")}${spot ? ", with --no-spot" : ""}.`;
}

/** Same size first, then same family. */
function rank(type: string, wanted: string): number {
  const [, family, size] = type.split(".");
  const [, wantedFamily, wantedSize] = wanted.split(".");
  return (size === wantedSize ? 0 : 2) + (family === wantedFamily ? 0 : 1);
}

async function readQuotas(): Promise<Quotas> {
  try {
    return await listQuotas(client());
  } catch (error) {
    log().warn("The account's quotas could not be read", { error: String(error) });
    return new Map();
  }
}
