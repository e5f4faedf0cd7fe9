// One question to CloudWatch about a model's own metrics, all its pages read.
import {
  GetMetricDataCommand,
  type MetricDataQuery,
  type MetricDataResult,
} from "@aws-sdk/client-cloudwatch";
import { cloudwatch } from "../aws/cloudwatch.ts";
import { namespace } from "../metrics/metrics.ts";

export interface Wanted {
  id: string;
  metric: string;
  /** As CloudWatch writes it: `Sum`, `p95`, `PR(0.1:0.2)`. */
  statistic: string;
  periodSeconds: number;
}

/** CloudWatch's own bound; a model of many classes asks for more. */
const perCall = 500;

/** Epoch ms and value, oldest first. */
export type Points = [at: number, value: number][];

export async function ask(model: string, wanted: Wanted[], from: number, to: number) {
  const queries = wanted.map(({ id, metric, statistic, periodSeconds }): MetricDataQuery => ({
    Id: id,
    MetricStat: {
      Metric: { Namespace: namespace, MetricName: metric, Dimensions: [{ Name: "model", Value: model }] },
      Period: periodSeconds,
      Stat: statistic,
    },
  }));
  const found = new Map<string, Points>();
  for (let start = 0; start < queries.length; start += perCall) {
    let NextToken: string | undefined;
    do {
      const page = await cloudwatch().send(
        new GetMetricDataCommand({
          MetricDataQueries: queries.slice(start, start + perCall),
          StartTime: new Date(from),
          EndTime: new Date(to),
          ScanBy: "TimestampAscending",
          NextToken,
        }),
      );
      for (const result of page.MetricDataResults ?? []) {
        found.set(result.Id!, [...(found.get(result.Id!) ?? []), ...pointsOf(result)]);
      }
      NextToken = page.NextToken;
    } while (NextToken);
  }
  return (id: string): Points => found.get(id) ?? [];
}

const pointsOf = ({ Timestamps = [], Values = [] }: MetricDataResult): Points =>
  Timestamps.map((at, index) => [at.getTime(), Values[index]!]);

export const total = (points: Points) => points.reduce((sum, [, value]) => sum + value, 0);
