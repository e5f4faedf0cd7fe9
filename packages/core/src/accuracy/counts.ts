// Sums of a week. Pure functions.
import { computeWilsonInterval } from "@sluice/statistics/interval/wilson.ts";
import type { Accuracy, AccuracyWeek, Tally, WeekCounts } from "./accuracy.ts";
import { weekRange } from "./accuracy.ts";
import type { TruthItem } from "./accuracy.entity.ts";

export const emptyCounts = (): WeekCounts => ({
  random: [0, 0],
  lowConfidence: [0, 0],
  sources: {},
  classes: {},
  versions: {},
});

/** `sign` -1 removes a truth that was added before. */
export function addTruth(counts: WeekCounts, truth: TruthItem, sign: 1 | -1): WeekCounts {
  const { group, correct, source, label, modelVersion } = truth;
  const add = ([count, right]: Tally = [0, 0]): Tally => [count + sign, right + (correct ? sign : 0)];
  if (group === "low-confidence") return { ...counts, lowConfidence: add(counts.lowConfidence) };
  if (group !== "random") return counts;
  const { classes, versions, sources } = counts;
  return {
    ...counts,
    random: add(counts.random),
    sources: { ...sources, [source]: (sources[source] ?? 0) + sign },
    classes: label === undefined ? classes : withTally(classes, label, add),
    versions: modelVersion === undefined ? versions : withTally(versions, modelVersion, add),
  };
}

function withTally(tallies: Record<string, Tally>, name: string, add: (tally?: Tally) => Tally) {
  const { [name]: before, ...others } = tallies;
  const tally = add(before);
  return tally[0] === 0 ? others : { ...others, [name]: tally };
}

export function accuracyOf([count, correct]: Tally): Accuracy {
  return {
    count,
    correct,
    value: count === 0 ? 0 : correct / count,
    ...computeWilsonInterval(correct, count),
  };
}

const ifAny = (tally: Tally) => (tally[0] === 0 ? undefined : accuracyOf(tally));

export function toWeek(week: string, counts: WeekCounts): AccuracyWeek {
  const { random, lowConfidence, classes, versions, sources } = counts;
  return {
    ...weekRange(week),
    accuracy: ifAny(random),
    lowConfidence: ifAny(lowConfidence),
    classes: Object.entries(classes).map(([name, tally]) => ({ class: name, ...accuracyOf(tally) })),
    versions: Object.entries(versions).map(([version, tally]) => ({ version, ...accuracyOf(tally) })),
    sources: { reviews: sources.review ?? 0, groundTruth: sources["ground truth"] ?? 0 },
  };
}
