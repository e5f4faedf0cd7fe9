// Groups points into periods and computes their statistics.
import { AwsError, notImplemented } from "../../kernel/error.ts";
import { mergePoints, type Point } from "./points.ts";

/** One point for each period with data; `at` is the period's start. */
export function groupByPeriod(points: Point[], periodMs: number): Point[] {
  const periods = new Map<number, Point>();
  for (const point of points) {
    const at = Math.floor(point.at / periodMs) * periodMs;
    const earlier = periods.get(at);
    periods.set(at, earlier ? mergePoints(earlier, point) : { ...point, at });
  }
  return [...periods.values()];
}

/** Undefined for percentiles when only statistics were sent. */
export function computeStatistic(point: Point, name: string): number | undefined {
  if (name === "Sum") return point.sum;
  if (name === "SampleCount") return point.count;
  if (name === "Average") return point.sum / point.count;
  if (name === "Minimum") return point.least;
  if (name === "Maximum") return point.most;
  const percent = /^p(\d{1,2}(?:\.\d+)?|100)$/.exec(name)?.[1];
  if (percent) return percentile(point, Number(percent) / 100);
  const rank = /^PR\((\d+(?:\.\d+)?)?:(\d+(?:\.\d+)?)?\)$/.exec(name);
  if (rank && (rank[1] || rank[2])) return percentileRank(point, rank[1], rank[2]);
  if (/^(tm|wm|tc|ts|pr|TM|WM|TC|TS|PR|IQM)/.test(name))
    throw notImplemented(`the CloudWatch statistic ${name}`);
  throw new AwsError("InvalidParameterValue", `The value ${name} for parameter Stat is not supported.`);
}

function percentile({ spread, count }: Point, share: number): number | undefined {
  if (!spread) return;
  const values = Object.entries(spread)
    .map(([value, times]) => [Number(value), times] as const)
    .toSorted(([a], [b]) => a - b);
  let left = share * count;
  for (const [value, times] of values) {
    left -= times;
    if (left <= 1e-9) return value;
  }
  return values.at(-1)?.[0];
}

/** The share of values above the lower bound and up to the upper one, in percent. */
function percentileRank({ spread, count }: Point, above = "-Infinity", upTo = "Infinity") {
  if (!spread) return;
  const within = Object.entries(spread)
    .filter(([value]) => Number(value) > Number(above) && Number(value) <= Number(upTo))
    .reduce((sum, [, times]) => sum + times, 0);
  return (100 * within) / count;
}
