// Queries CloudWatch for metrics of a model, with all pages.
import {
  paginateGetMetricData,
  type MetricDataQuery,
  type MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import { cloudwatch } from "../aws/cloudwatch.ts";
import { namespace } from "../metrics/metrics.ts";

export interface MetricQuery {
  id: string;
  metric: string;
  /** In CloudWatch's syntax: `Sum`, `p95`, `PR(0.1:0.2)`. */
  statistic: string;
  periodSeconds: number;
  /** Default: the model in the app's own namespace. */
  source?: { namespace: string; dimensions: Record<string, string> };
}

/** CloudWatch's limit. A model with many classes exceeds it. */
const QUERIES_PER_CALL = 500;

/** Epoch ms and value, oldest first. */
export type Points = [at: number, value: number][];

export async function queryMetrics(model: string, metrics: MetricQuery[], from: number, to: number) {
  const queries = metrics.map(({ id, metric, statistic, periodSeconds, source }): MetricDataQuery => ({
    Id: id,
    MetricStat: {
      Metric: {
        Namespace: source?.namespace ?? namespace,
        MetricName: metric,
        Dimensions: Object.entries(source?.dimensions ?? { model }).map(([Name, Value]) => ({ Name, Value })),
      },
      Period: periodSeconds,
      Stat: statistic,
    },
  }));
  const found = new Map<string, Points>();
  for (let start = 0; start < queries.length; start += QUERIES_PER_CALL) {
    const pages = paginateGetMetricData(
      { client: cloudwatch() },
      {
        MetricDataQueries: queries.slice(start, start + QUERIES_PER_CALL),
        StartTime: new Date(from),
        EndTime: new Date(to),
        ScanBy: "TimestampAscending",
      },
    );
    for await (const { MetricDataResults = [] } of pages)
      for (const result of MetricDataResults)
        found.set(result.Id!, [...(found.get(result.Id!) ?? []), ...pointsOf(result)]);
  }
  return (id: string): Points => found.get(id) ?? [];
}

const pointsOf = ({ Timestamps = [], Values = [] }: MetricDataResult): Points =>
  Timestamps.map((at, index) => [at.getTime(), Values[index]!]);

export const total = (points: Points) => points.reduce((sum, [, value]) => sum + value, 0);
