// Accepts or refuses a version by the policy of its model's declaration and by the metrics of the live version.
import type { Model } from "@sluice/models/index.ts";

export interface PolicyDecision {
  accepted: boolean;
  reason: string;
}

interface Live {
  version: string;
  /** Measured on the same items; absent when the version could not be measured on them. */
  metrics?: Record<string, number>;
}

/** Two equally good versions measured on different items differ by rounding. */
const ROUNDING = 1e-9;

export function applyPolicy(
  policy: Model["policy"]["deploy"],
  metrics: Record<string, number>,
  live: Live | undefined,
): PolicyDecision {
  if (metrics["samples"] === 0) return refuse("No held-out item could be read.");
  if (!policy) return { accepted: true, reason: "Evaluated; the declaration has no policy." };
  const { metric, atLeast, noWorseThanCurrent } = policy;
  const value = metrics[metric];
  if (value === undefined)
    return refuse(`The policy requires "${metric}"; the evaluation has ${Object.keys(metrics).join(", ")}.`);
  const measured = `${metric} ${format(value)}`;
  if (value + ROUNDING < atLeast)
    return refuse(`${measured} is below the ${format(atLeast)} that the policy requires.`);
  const required = `${measured}; the policy requires ${format(atLeast)}`;
  const compared = live?.metrics?.[metric];
  if (compared === undefined) {
    const note =
      noWorseThanCurrent && live
        ? ` The live version ${live.version} could not be measured on the same items.`
        : "";
    return { accepted: true, reason: `${required}.${note}` };
  }
  const liveMetric = `${format(compared)} of the live version ${live!.version}`;
  if (noWorseThanCurrent && value + ROUNDING < compared)
    return refuse(`${measured} is worse than the ${liveMetric}.`);
  return { accepted: true, reason: `${required}, compared with ${liveMetric}.` };
}

const refuse = (reason: string): PolicyDecision => ({ accepted: false, reason });
const format = (value: number) => value.toFixed(4).replace(/\.?0+$/, "");
