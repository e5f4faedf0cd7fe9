// What the figures say about moving the traffic to the candidate.
import type { ComparedVersion, Comparison, Figure, Recommendation } from "./comparison.ts";

export const MIN_PREDICTIONS = 30;
export const MIN_JUDGED = 30;
/** Fewer judged predictions may be chance, whatever their interval says. */
const MIN_JUDGED_FOR_LOSS = 10;
/** The loss of accuracy that is accepted, as a share: a smaller one would need thousands of judged predictions. */
export const ACCEPTED_LOSS = 0.05;
/** Fewer failures may be chance. */
const MIN_FAILURES = 3;

type Compared = Pick<Comparison, "current" | "candidate" | "rows">;

/** Undefined while the candidate fails no more often than allowed. */
export function findTooManyFailures(
  { responses, failures }: { responses: number; failures: number },
  maxErrorRate: number,
  where = "",
): string | undefined {
  const rate = failures / Math.max(1, responses);
  if (failures < MIN_FAILURES || rate <= maxErrorRate) return undefined;
  return `${failures} of the candidate's ${responses} responses${where} failed; ${maxErrorRate * 100} % are allowed.`;
}

/** The reason to end a shift at once, if there is one. */
export function findClearLoss(
  { current, candidate, rows }: Compared,
  maxErrorRate: number,
): string | undefined {
  if (!current || !candidate) return undefined;
  const { failures, predictions } = candidate;
  const failing = findTooManyFailures({ responses: predictions + failures, failures }, maxErrorRate);
  if (failing) return failing;
  const { current: left, candidate: right } = rows.find(({ name }) => name === "accuracy") ?? {};
  if (!left || !right || Math.min(left.count, right.count) < MIN_JUDGED_FOR_LOSS) return undefined;
  if (right.high >= left.low) return undefined;
  return `The accuracy of ${candidate.version} is ${format(right)}, clearly below ${format(left)} of ${current.version}.`;
}

interface Options {
  maxErrorRate: number;
  /** The candidate served before the current version: going back needs a gain, not only the absence of a loss. */
  servedBefore?: boolean;
}

export function recommend(compared: Compared, { maxErrorRate, servedBefore }: Options): Recommendation {
  const { current, candidate, rows } = compared;
  if (!current || !candidate) return wait("Fewer than two versions served predictions in this period.");
  const loss = findClearLoss(compared, maxErrorRate);
  if (loss) return { decision: "keep", explanation: loss };
  const difference = rows.find(({ name }) => name === "accuracy")?.difference;
  if (difference && difference.high < 0 && hasEnough("judged", MIN_JUDGED, current, candidate))
    return {
      decision: "keep",
      explanation: `The accuracy of ${candidate.version} is lower by ${points(-difference.value)}, at least by ${points(-difference.high)}.`,
    };
  if (!hasEnough("predictions", MIN_PREDICTIONS, current, candidate))
    return wait(`${counts("predictions", current, candidate)}, at least ${MIN_PREDICTIONS} are needed.`);
  if (!difference || !hasEnough("judged", MIN_JUDGED, current, candidate))
    return wait(`${counts("judged", current, candidate)}, at least ${MIN_JUDGED} are needed.`);
  if (servedBefore && difference.low <= 0)
    return {
      decision: "keep",
      explanation: `The accuracy of ${candidate.version}, which served before, is not shown to be higher.`,
    };
  if (difference.low < -ACCEPTED_LOSS)
    return wait(
      `The accuracy of ${candidate.version} may be lower by up to ${points(-difference.low)}; ${points(ACCEPTED_LOSS)} are accepted. More judged predictions narrow this.`,
    );
  const change =
    difference.low > 0
      ? `higher by at least ${points(difference.low)}`
      : `lower by at most ${points(Math.max(0, -difference.low))}`;
  return { decision: "shift", explanation: `The accuracy of ${candidate.version} is ${change}.` };
}

const wait = (why: string): Recommendation => ({ decision: "wait", explanation: why });

const hasEnough = (
  what: "predictions" | "judged",
  minimum: number,
  ...versions: [ComparedVersion, ComparedVersion]
) => versions.every((version) => version[what] >= minimum);

/** "12 judged predictions of each version", "40 predictions of 0a1b2c and 3 of 4d5e6f" */
function counts(
  what: "predictions" | "judged",
  current: ComparedVersion,
  candidate: ComparedVersion,
): string {
  const noun = what === "judged" ? "judged predictions" : "predictions";
  if (current[what] === candidate[what]) return `${current[what]} ${noun} of each version`;
  return `${current[what]} ${noun} of ${current.version} and ${candidate[what]} of ${candidate.version}`;
}

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const points = (share: number) => `${(share * 100).toFixed(1)} points`;
const format = ({ value, low, high, count }: Figure) =>
  `${percent(value)} (${percent(low)} to ${percent(high)}, ${count} judged)`;
