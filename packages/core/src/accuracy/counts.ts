// Sums of a week. Pure functions.
import { computeWilsonInterval } from "@sluice/statistics/interval/wilson.ts";
import type { Accuracy, AccuracyWeek, GroupCount, WeekCounts } from "./accuracy.ts";
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
  const add = ([count, right]: GroupCount = [0, 0]): GroupCount => [
    count + sign,
    right + (correct ? sign : 0),
  ];
  if (group === "low-confidence") return { ...counts, lowConfidence: add(counts.lowConfidence) };
  if (group !== "random") return counts;
  const { classes, versions, sources } = counts;
  return {
    ...counts,
    random: add(counts.random),
    sources: { ...sources, [source]: (sources[source] ?? 0) + sign },
    classes: label === undefined ? classes : withCount(classes, label, add),
    versions: modelVersion === undefined ? versions : withCount(versions, modelVersion, add),
  };
}

function withCount(
  tallies: Record<string, GroupCount>,
  name: string,
  add: (groupCount?: GroupCount) => GroupCount,
) {
  const { [name]: before, ...others } = tallies;
  const groupCount = add(before);
  return groupCount[0] === 0 ? others : { ...others, [name]: groupCount };
}

export function accuracyOf([count, correct]: GroupCount): Accuracy {
  return {
    count,
    correct,
    value: count === 0 ? 0 : correct / count,
    ...computeWilsonInterval(correct, count),
  };
}

const ifAny = (groupCount: GroupCount) => (groupCount[0] === 0 ? undefined : accuracyOf(groupCount));

export function toWeek(week: string, counts: WeekCounts): AccuracyWeek {
  const { random, lowConfidence, classes, versions, sources } = counts;
  return {
    ...weekRange(week),
    accuracy: ifAny(random),
    lowConfidence: ifAny(lowConfidence),
    classes: Object.entries(classes).map(([name, groupCount]) => ({
      class: name,
      ...accuracyOf(groupCount),
    })),
    versions: Object.entries(versions).map(([version, groupCount]) => ({
      version,
      ...accuracyOf(groupCount),
    })),
    sources: { reviews: sources.review ?? 0, groundTruth: sources["ground truth"] ?? 0 },
  };
}
