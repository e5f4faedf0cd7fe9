// The metrics of a report, in CloudWatch's embedded metric format.
import { namespace } from "../metrics/metrics.ts";
import type { DriftReport } from "./report.ts";

/** CloudWatch accepts 100 metrics in a line. */
const MAX_EFFECTS = 90;

/** `drift` is 0 or 1. `drift.brightness` is the effect on that descriptor. */
export function reportMetrics(report: DriftReport, now: number): string {
  const { model, findings, harm, status } = report;
  const effects = Object.fromEntries(
    findings.slice(0, MAX_EFFECTS).map(({ name, test, effect }) => {
      const metric = test === "mmd" ? `${name}.mmd` : name;
      return [`drift.${metric}`, effect];
    }),
  );
  const values: Record<string, number> = {
    drift: status === "drift" ? 1 : 0,
    monitoredPredictions: report.count,
    ...effects,
    ...(harm && {
      [harm.metric === "accuracy" ? "estimatedAccuracy" : "estimatedPrecision"]: harm.estimated,
    }),
  };
  const metrics = Object.keys(values).map((Name) => ({
    Name,
    Unit: Name === "monitoredPredictions" ? "Count" : "None",
  }));
  return JSON.stringify({
    _aws: {
      Timestamp: now,
      CloudWatchMetrics: [{ Namespace: namespace, Dimensions: [["model"]], Metrics: metrics }],
    },
    model,
    ...values,
    report: report.id,
    modelVersion: report.modelVersion,
  });
}
