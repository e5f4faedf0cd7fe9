// Statistics of a model's predictions, from their metrics in CloudWatch.
import * as z from "zod";
import { SluiceError } from "../error/error.ts";
import { getModel } from "../model/model.ts";
import { countedClasses } from "@sluice/models/limits.ts";
import { fn } from "../util/fn.ts";
import { queryMetrics, total, type MetricQuery, type Points } from "./query.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** CloudWatch's longest retention, for hourly values. */
const RETENTION_MS = 455 * DAY_MS;

export const StatisticsQuery = z.object({
  model: z.string(),
  /** ISO instants. Default: the last day. */
  from: z.iso.datetime({ offset: true }).optional(),
  to: z.iso.datetime({ offset: true }).optional(),
});

const Counts = { completed: z.number(), rejected: z.number(), failed: z.number() };

export const Statistics = z.object({
  model: z.string(),
  from: z.string(),
  to: z.string(),
  periodSeconds: z.number(),
  totals: z.object(Counts),
  /** Periods with ended predictions, oldest first. Percentiles are in milliseconds. */
  series: z.array(
    z.object({
      at: z.string(),
      ...Counts,
      confidence: z.number().optional(),
      p50: z.number().optional(),
      p95: z.number().optional(),
      p99: z.number().optional(),
    }),
  ),
  confidence: z.array(z.object({ from: z.number(), to: z.number(), count: z.number() })),
  /** Empty for a model with too many classes to count. */
  classes: z.array(z.object({ class: z.string(), count: z.number() })),
});
export type Statistics = z.output<typeof Statistics>;

const statuses = ["completed", "rejected", "failed"] as const;
const percentiles = ["p50", "p95", "p99"] as const;
const BINS = 20;

export const readStatistics = fn(
  StatisticsQuery.extend({ now: z.number() }),
  async ({ model, now, ...query }): Promise<Statistics> => {
    const declared = getModel(model);
    const to = query.to ? Date.parse(query.to) : now;
    const from = query.from ? Date.parse(query.from) : to - DAY_MS;
    if (from >= to || now - from > RETENTION_MS) {
      throw new SluiceError("INPUT_INVALID", `from: must be before \`to\`, and within the last 15 months.`);
    }
    const period = periodFor(to - from);
    const classes = countedClasses(declared.classes);
    const results = await queryMetrics(model, metricsFor(classes, period), from, to);
    const sums = (id: string) => total(results(id));
    const rows = new Map<number, Statistics["series"][number]>();
    for (const id of [...statuses, ...percentiles, "confidence"] as const) {
      for (const [at, value] of results(id)) {
        const row = rows.get(at) ?? { at: new Date(at).toISOString(), completed: 0, rejected: 0, failed: 0 };
        rows.set(at, { ...row, [id]: value });
      }
    }
    return {
      model,
      from: new Date(from).toISOString(),
      to: new Date(to).toISOString(),
      periodSeconds: period,
      totals: { completed: sums("completed"), rejected: sums("rejected"), failed: sums("failed") },
      series: [...rows].toSorted(([a], [b]) => a - b).map(([, row]) => row),
      confidence: histogram(results),
      classes: classes.map((name, index) => ({ class: name, count: sums(`class${index}`) })),
    };
  },
);

/** At most a few hundred points, and never shorter than CloudWatch retains. */
function periodFor(rangeMs: number): number {
  if (rangeMs <= 3 * HOUR_MS) return 60;
  if (rangeMs <= DAY_MS) return 300;
  if (rangeMs <= 15 * DAY_MS) return 3_600;
  return 86_400;
}

const edge = (bin: number) => Number((bin / BINS).toFixed(2));
const bins = Array.from({ length: BINS }, (_, bin) => bin);

function metricsFor(classes: readonly string[], periodSeconds: number): MetricQuery[] {
  const wholeSeconds = Math.max(periodSeconds, 3_600);
  const times = { metric: "processingTime", periodSeconds };
  const shares = { metric: "confidence", periodSeconds: wholeSeconds };
  return [
    ...statuses.map((id) => ({ id, metric: id, statistic: "Sum", periodSeconds })),
    ...percentiles.map((id) => ({ ...times, id, statistic: id })),
    { id: "confidence", metric: "confidence", statistic: "Average", periodSeconds },
    { ...shares, id: "samples", statistic: "SampleCount" },
    // A range excludes its lower bound. The first one has none, so that it includes 0.
    ...bins.map((bin) => ({
      ...shares,
      id: `bin${bin}`,
      statistic: `PR(${bin === 0 ? "" : edge(bin)}:${edge(bin + 1)})`,
    })),
    ...classes.map((name, index) => ({
      id: `class${index}`,
      metric: `class.${name}`,
      statistic: "Sum",
      periodSeconds: wholeSeconds,
    })),
  ];
}

/** CloudWatch returns the percentage of a period's values in a range; times their number, it is a count. */
function histogram(results: (id: string) => Points): Statistics["confidence"] {
  const samples = new Map(results("samples"));
  return bins.map((bin) => {
    const count = results(`bin${bin}`).reduce(
      (sum, [at, share]) => sum + ((samples.get(at) ?? 0) * share) / 100,
      0,
    );
    return { from: edge(bin), to: edge(bin + 1), count: Math.round(count) };
  });
}
