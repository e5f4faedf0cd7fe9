// ListMetrics.
import type { ListMetricsCommandInput } from "@aws-sdk/client-cloudwatch";
import type { Kernel } from "../../../kernel/service.ts";
import { METRICS_PER_PAGE, RECENTLY_ACTIVE_MS } from "../limits.ts";
import type { Points, Series } from "../points.ts";

export function listMetrics({ clock }: Kernel, points: Points, input: ListMetricsCommandInput) {
  const { Namespace, MetricName, Dimensions = [], RecentlyActive, NextToken } = input;
  const since = RecentlyActive ? clock.now() - RECENTLY_ACTIVE_MS : 0;
  const hasDimensions = ({ dimensions }: Series) =>
    Dimensions.every(({ Name, Value }) =>
      dimensions.some((own) => own.Name === Name && (Value === undefined || own.Value === Value)),
    );
  const found = points.list(Namespace, MetricName, since).filter(hasDimensions);
  const from = Number(NextToken ?? 0);
  const end = from + METRICS_PER_PAGE;
  return {
    Metrics: found.slice(from, end).map((series) => ({
      Namespace: series.namespace,
      MetricName: series.name,
      Dimensions: series.dimensions,
    })),
    ...(found.length > end && { NextToken: String(end) }),
  };
}
