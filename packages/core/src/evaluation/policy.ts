// Accepts or refuses a version by the policy of its model's declaration and by the metrics of the live version.
import type { Model } from "@sluice/models/index.ts";

export interface PolicyDecision {
  accepted: boolean;
  reason: string;
}

/** Of a version that a retraining produced. */
export interface Retrained {
  /** How much worse it may be on all held-out items, if it is better on the reviewed ones. */
  margin: number;
  /** On the held-out items with a label from a review. */
  reviewed?: { metrics: Record<string, number>; live?: Record<string, number> };
}

/** Fewer reviewed items do not show which version is better. */
const MIN_REVIEWED = 20;

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
  retrained?: Retrained,
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
  const reviewed = noWorseThanCurrent ? compareReviewed(metric, retrained) : undefined;
  if (reviewed && !reviewed.accepted) return refuse(`${reviewed.reason} ${measured}; ${liveMetric}.`);
  const margin = reviewed ? retrained!.margin : 0;
  if (noWorseThanCurrent && value + margin + ROUNDING < compared)
    return refuse(`${measured} is worse than the ${liveMetric}.`);
  const better = reviewed ? ` ${reviewed.reason}` : "";
  return { accepted: true, reason: `${required}, compared with ${liveMetric}.${better}` };
}

/** A retrained version must be better on what production looks like today. Undefined if too little is reviewed. */
function compareReviewed(metric: string, retrained: Retrained | undefined): PolicyDecision | undefined {
  const { metrics, live } = retrained?.reviewed ?? {};
  const [own, other] = [metrics?.[metric], live?.[metric]];
  if (own === undefined || other === undefined || metrics!["samples"]! < MIN_REVIEWED) return undefined;
  const accepted = own > other + ROUNDING;
  const text = `On ${metrics!["samples"]} reviewed items, ${metric} ${format(own)} is`;
  return {
    accepted,
    reason: `${text} ${accepted ? "better" : "not better"} than ${format(other)} of the live version.`,
  };
}

const refuse = (reason: string): PolicyDecision => ({ accepted: false, reason });
const format = (value: number) => value.toFixed(4).replace(/\.?0+$/, "");
