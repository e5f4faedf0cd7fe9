// An alarm's definition, and its evaluation over the last periods.
import type { Dimension, Points } from "./points.ts";
import { groupByPeriod, computeStatistic } from "./statistic.ts";

export type State = "OK" | "ALARM" | "INSUFFICIENT_DATA";

/** The input of PutMetricAlarm. */
export interface Alarm {
  AlarmName: string;
  AlarmDescription?: string;
  ActionsEnabled?: boolean;
  OKActions?: string[];
  AlarmActions?: string[];
  InsufficientDataActions?: string[];
  MetricName?: string;
  Namespace?: string;
  Statistic?: string;
  ExtendedStatistic?: string;
  Dimensions?: Dimension[];
  Period?: number;
  Unit?: string;
  EvaluationPeriods: number;
  DatapointsToAlarm?: number;
  Threshold?: number;
  ComparisonOperator: string;
  TreatMissingData?: "breaching" | "notBreaching" | "ignore" | "missing";
}

export interface Evaluation {
  /** Undefined: unchanged. */
  state?: State;
  reason: string;
}

export const COMPARISONS: Record<
  string,
  { text: string; breaches: (value: number, threshold: number) => boolean }
> = {
  GreaterThanThreshold: { text: "greater than", breaches: (value, threshold) => value > threshold },
  GreaterThanOrEqualToThreshold: {
    text: "greater than or equal to",
    breaches: (value, threshold) => value >= threshold,
  },
  LessThanThreshold: { text: "less than", breaches: (value, threshold) => value < threshold },
  LessThanOrEqualToThreshold: {
    text: "less than or equal to",
    breaches: (value, threshold) => value <= threshold,
  },
};

export function evaluateAlarm(alarm: Alarm, points: Points, now: number): Evaluation {
  const periodMs = (alarm.Period ?? 60) * 1000;
  const end = Math.floor(now / periodMs) * periodMs;
  const series = { namespace: alarm.Namespace!, name: alarm.MetricName!, dimensions: alarm.Dimensions ?? [] };
  const found = groupByPeriod(
    points.read(series, end - alarm.EvaluationPeriods * periodMs, end, alarm.Unit),
    periodMs,
  );
  const values = found
    .map((point) => computeStatistic(point, alarm.Statistic ?? alarm.ExtendedStatistic ?? "Average"))
    .filter((value) => value !== undefined);
  const missing = alarm.EvaluationPeriods - values.length;
  const treat = alarm.TreatMissingData ?? "missing";
  const needed = alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods;
  const { text, breaches } = COMPARISONS[alarm.ComparisonOperator]!;
  const threshold = alarm.Threshold ?? 0;
  const breaching = values.filter((value) => breaches(value, threshold));

  if (values.length === 0) {
    const reason = `no datapoints were received for ${missing} period${missing === 1 ? "" : "s"}`;
    if (treat === "breaching")
      return { state: "ALARM", reason: `Threshold Crossed: ${reason} and missing data is breaching.` };
    if (treat === "notBreaching")
      return { state: "OK", reason: `${reason} and missing data is not breaching.` };
    if (treat === "ignore") return { reason };
    return { state: "INSUFFICIENT_DATA", reason: `Insufficient Data: ${reason}.` };
  }
  const count = breaching.length + (treat === "breaching" ? missing : 0);
  const summary = `${breaching.length} out of the last ${values.length} datapoints [${values.join(", ")}]`;
  if (count >= needed)
    return {
      state: "ALARM",
      reason: `Threshold Crossed: ${summary} was ${text} the threshold (${threshold}).`,
    };
  // Missing periods may still raise the alarm, so it does not return to OK.
  if (treat === "ignore" && count + missing >= needed) return { reason: summary };
  return {
    state: "OK",
    reason: `${summary} was ${text} the threshold (${threshold}); ${needed} are needed for an alarm.`,
  };
}
