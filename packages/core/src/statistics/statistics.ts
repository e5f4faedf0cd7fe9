// How a model has been doing, from the metrics its predictions wrote: one call to CloudWatch, however many there were.
import * as z from "zod";
import { SluiceError } from "../error/error.ts";
import { model as modelNamed } from "../model/model.ts";
import { countedClasses } from "../metrics/metrics.ts";
import { fn } from "../util/fn.ts";
import { ask, total, type Points, type Wanted } from "./ask.ts";

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** CloudWatch keeps hours this long, and nothing longer. */
const KEPT_MS = 455 * DAY_MS;

export const StatisticsQuery = z.object({
  model: z.string(),
  /** ISO instants; the last day when left out. */
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
  /** Periods in which something ended, oldest first; times in milliseconds. */
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
  /** Empty for a model of more classes than are counted. */
  classes: z.array(z.object({ class: z.string(), count: z.number() })),
});
export type Statistics = z.output<typeof Statistics>;

const statuses = ["completed", "rejected", "failed"] as const;
const percentiles = ["p50", "p95", "p99"] as const;
const BINS = 20;

export const read = fn(
  StatisticsQuery.extend({ now: z.number() }),
  async ({ model, now, ...query }): Promise<Statistics> => {
    const declared = modelNamed(model);
    const to = query.to ? Date.parse(query.to) : now;
    const from = query.from ? Date.parse(query.from) : to - DAY_MS;
    if (from >= to || now - from > KEPT_MS) {
      throw new SluiceError("INPUT_INVALID", `from: must be before \`to\` and within the last 15 months.`);
    }
    const period = periodFor(to - from);
    const classes = countedClasses(declared.classes);
    const results = await ask(model, wanted(classes, period), from, to);
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

/** A few hundred points at most, and never finer than CloudWatch still keeps. */
function periodFor(rangeMs: number): number {
  if (rangeMs <= 3 * HOUR_MS) return 60;
  if (rangeMs <= DAY_MS) return 300;
  if (rangeMs <= 15 * DAY_MS) return 3_600;
  return 86_400;
}

const edge = (bin: number) => Number((bin / BINS).toFixed(2));
const bins = Array.from({ length: BINS }, (_, bin) => bin);

function wanted(classes: readonly string[], periodSeconds: number): Wanted[] {
  const wholeSeconds = Math.max(periodSeconds, 3_600);
  const times = { metric: "processingTime", periodSeconds };
  const shares = { metric: "confidence", periodSeconds: wholeSeconds };
  return [
    ...statuses.map((id) => ({ id, metric: id, statistic: "Sum", periodSeconds })),
    ...percentiles.map((id) => ({ ...times, id, statistic: id })),
    { id: "confidence", metric: "confidence", statistic: "Average", periodSeconds },
    { ...shares, id: "samples", statistic: "SampleCount" },
    // Ranges hold their upper edge but not their lower one; the first one starts open, so that 0 is in it.
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

/** CloudWatch says which share of a period's values lies in a range: with their number, how many. */
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
