// Caps a serverless endpoint to what the account's quotas allow, when SageMaker refuses to create or update it.
import {
  quotaError,
  SERVERLESS_CONCURRENCY,
  SERVERLESS_MEMORY,
  requestIncrease,
  type Shortage,
} from "../quota/quota.ts";
import { readShortage, toQuotaError } from "../quota/shortage.ts";
import type { ModelVersion } from "../version/version.ts";
import type { Hosting } from "./deployment.ts";
import type { DeploymentItem } from "./deployment.entity.ts";
import { namesOf } from "./hosting.ts";
import { failStep, type Next } from "./next.ts";
import { deleteConfig, deleteEndpoint, waitUntilGone } from "./serving.ts";

/** Serverless memory comes in steps of this many MB. */
const MEMORY_STEP_MB = 1_024;

/** The next step after ResourceLimitExceeded. */
export async function resolveShortage(
  item: DeploymentItem,
  version: ModelVersion,
  error: Error,
): Promise<Next | undefined> {
  const shortage = readShortage(error);
  if (shortage?.quota === SERVERLESS_MEMORY) {
    const memory = Math.floor(shortage.limit / MEMORY_STEP_MB) * MEMORY_STEP_MB;
    if (memory > 0) return cap(item, version, { memory });
  }
  if (shortage?.quota === SERVERLESS_CONCURRENCY) return resolveConcurrency(item, version, shortage);
  const { code, message, hint } = toQuotaError(error, "Use the target serverless, or another instance type.");
  return failStep(`${code}: ${message} ${hint}`);
}

async function resolveConcurrency(
  item: DeploymentItem,
  version: ModelVersion,
  shortage: Shortage,
): Promise<Next | undefined> {
  const { limit, used, delta } = shortage;
  const concurrency = item.hosting.concurrency - (used + delta - limit);
  const { [item.candidate]: candidate, ...modifiedBefore } = item.modifiedBefore ?? {};
  if (item.step === "candidate" && !item.shift)
    return {
      to: {
        step: "live",
        modifiedBefore,
        note: "no concurrency is left for a candidate: the live endpoint is updated directly, and restored if its check fails",
      },
    };
  if (item.step === "live" && candidate !== undefined) {
    if (!(await deleteEndpoint(item.candidate)) || !(await waitUntilGone(item.candidate))) return undefined;
    return {
      to: { step: "live", modifiedBefore, note: "the candidate is deleted first, to free its concurrency" },
    };
  }
  if (item.step === "live" && concurrency > 0) return cap(item, version, { concurrency });
  const { code, message, hint } = quotaError(
    shortage,
    item.step === "candidate"
      ? "Deploy without shares of the traffic, which needs no second endpoint."
      : "Lower the concurrency of another model and deploy that first.",
  );
  return failStep(`${code}: ${message} ${hint}`);
}

async function cap(
  item: DeploymentItem,
  version: ModelVersion,
  lower: Partial<Pick<Hosting, "memory" | "concurrency">>,
): Promise<Next> {
  const { memory, concurrency } = item.hosting;
  const hosting = { ...item.hosting, ...lower };
  const lowered =
    lower.memory === undefined
      ? `Concurrency ${hosting.concurrency} instead of ${concurrency}: no more is left in this account.`
      : `Memory ${hosting.memory} MB instead of ${memory} MB: this account allows no more.`;
  const increase = requestIncrease(lower.memory === undefined ? SERVERLESS_CONCURRENCY : SERVERLESS_MEMORY);
  const warning = `${lowered} To use the declared value, ${increase}`;
  // No endpoint has the refused config.
  await deleteConfig(item.config);
  return {
    to: {
      step: "preparing",
      hosting,
      requested: item.requested ?? { memory, concurrency },
      config: namesOf(version, hosting).config,
      reason: [item.reason, warning].filter(Boolean).join(" "),
      note: lowered,
    },
  };
}

/** The hosting of a deployment of this version that was capped from these values. */
export function cappedBefore(
  asked: Hosting,
  version: string,
  last: DeploymentItem | undefined,
): Hosting | undefined {
  if (last?.version !== version || last.hosting.target !== asked.target) return undefined;
  const { requested, hosting } = last;
  if (requested?.memory !== asked.memory || requested.concurrency !== asked.concurrency) return undefined;
  return { ...asked, memory: hosting.memory, concurrency: hosting.concurrency };
}
