// How a model has been doing, from the metrics its predictions wrote: one call to CloudWatch, however many there were.
import {
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import * as z from "zod";
import { cloudwatch } from "../aws/cloudwatch.ts";
import { SluiceError } from "../error/error.ts";
import { namespace } from "../metrics/metrics.ts";
import { model as modelNamed } from "../model/model.ts";
import { fn } from "../util/fn.ts";

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
  classes: z.array(z.object({ class: z.string(), count: z.number() })),
});
export type Statistics = z.output<typeof Statistics>;

const statuses = ["completed", "rejected", "failed"] as const;
const percentiles = ["p50", "p95", "p99"] as const;
const BINS = 20;
/** A call takes 500 queries; the other metrics need their share. */
const CLASSES = 450;

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
    const classes = declared.classes.slice(0, CLASSES);
    const results = await ask(model, classes, period, from, to);
    const sums = (id: string) => (results.get(id) ?? []).reduce((sum, [, value]) => sum + value, 0);
    const rows = new Map<number, Statistics["series"][number]>();
    for (const id of [...statuses, ...percentiles, "confidence"] as const) {
      for (const [at, value] of results.get(id) ?? []) {
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

type Points = [at: number, value: number][];

async function ask(model: string, classes: string[], period: number, from: number, to: number) {
  const query = (Id: string, MetricName: string, Stat: string, Period = period): MetricDataQuery => ({
    Id,
    MetricStat: {
      Metric: { Namespace: namespace, MetricName, Dimensions: [{ Name: "model", Value: model }] },
      Period,
      Stat,
    },
  });
  const whole = Math.max(period, 3_600);
  const queries = [
    ...statuses.map((status) => query(status, status, "Sum")),
    ...percentiles.map((percentile) => query(percentile, "processingTime", percentile)),
    query("confidence", "confidence", "Average"),
    query("samples", "confidence", "SampleCount", whole),
    // Ranges hold their upper edge but not their lower one; the first one starts open, so that 0 is in it.
    ...bins.map((bin) =>
      query(`bin${bin}`, "confidence", `PR(${bin === 0 ? "" : edge(bin)}:${edge(bin + 1)})`, whole),
    ),
    ...classes.map((name, index) => query(`class${index}`, `class.${name}`, "Sum", whole)),
  ];
  const found = new Map<string, Points>();
  let NextToken: string | undefined;
  do {
    const page = await cloudwatch().send(
      new GetMetricDataCommand({
        MetricDataQueries: queries,
        StartTime: new Date(from),
        EndTime: new Date(to),
        NextToken,
      }),
    );
    for (const result of page.MetricDataResults ?? []) {
      found.set(result.Id!, [...(found.get(result.Id!) ?? []), ...pointsOf(result)]);
    }
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
}

const bins = Array.from({ length: BINS }, (_, bin) => bin);

const pointsOf = ({ Timestamps = [], Values = [] }: MetricDataResult): Points =>
  Timestamps.map((at, index) => [at.getTime(), Values[index]!]);

/** CloudWatch says which share of a period's values lies in a range: with their number, how many. */
function histogram(results: Map<string, Points>): Statistics["confidence"] {
  const samples = new Map(results.get("samples"));
  return bins.map((bin) => {
    const shares = results.get(`bin${bin}`) ?? [];
    const count = shares.reduce((sum, [at, share]) => sum + ((samples.get(at) ?? 0) * share) / 100, 0);
    return { from: edge(bin), to: edge(bin + 1), count: Math.round(count) };
  });
}
