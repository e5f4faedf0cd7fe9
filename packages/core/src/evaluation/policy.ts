// Whether a version is good enough, by what its model's declaration demands and by what serves today.
import type { Model } from "@sluice/models/index.ts";

export interface Verdict {
  accepted: boolean;
  reason: string;
}

interface Serving {
  version: string;
  /** On the very same items; none when it could not be measured on them. */
  metrics?: Record<string, number>;
}

/** Computed on different items, two equally good versions differ by rounding alone. */
const rounding = 1e-9;

export function verdictOn(
  policy: Model["policy"]["deploy"],
  metrics: Record<string, number>,
  current: Serving | undefined,
): Verdict {
  if (metrics["samples"] === 0) return refused("Not one held-out item could be read.");
  if (!policy) return { accepted: true, reason: "Evaluated; the declaration demands nothing." };
  const { metric, atLeast, noWorseThanCurrent } = policy;
  const value = metrics[metric];
  if (value === undefined)
    return refused(`The policy asks for "${metric}"; the evaluation has ${Object.keys(metrics).join(", ")}.`);
  const said = `${metric} ${figure(value)}`;
  if (value + rounding < atLeast)
    return refused(`${said} is below the ${figure(atLeast)} that the policy demands.`);
  const before = current?.metrics?.[metric];
  if (noWorseThanCurrent && before !== undefined && value + rounding < before)
    return refused(
      `${said} is worse than the ${figure(before)} of version ${current!.version}, which serves.`,
    );
  const compared =
    before === undefined ? "" : `, and version ${current!.version}, which serves, has ${figure(before)}`;
  const unmeasured =
    noWorseThanCurrent && current && before === undefined
      ? ` Version ${current.version}, which serves, could not be measured on the same items.`
      : "";
  return {
    accepted: true,
    reason: `${said}; the policy demands ${figure(atLeast)}${compared}.${unmeasured}`,
  };
}

const refused = (reason: string): Verdict => ({ accepted: false, reason });
const figure = (value: number) => value.toFixed(4).replace(/\.?0+$/, "");
