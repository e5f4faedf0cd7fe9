// GetMetricData and GetMetricStatistics.
import type {
  Datapoint,
  GetMetricDataCommandInput,
  GetMetricStatisticsCommandInput,
  MetricDataQuery,
} from "@aws-sdk/client-cloudwatch";
import { notImplemented } from "../../../kernel/error.ts";
import { invalid } from "../error.ts";
import { POINTS_PER_CALL } from "../limits.ts";
import type { Point, Points, Series } from "../points.ts";
import { readSeries } from "../series.ts";
import { groupByPeriod, computeStatistic } from "../statistic.ts";

interface TimeRange {
  from: number;
  to: number;
}

export function getMetricData(points: Points, input: GetMetricDataCommandInput) {
  const range = { from: input.StartTime!.getTime(), to: input.EndTime!.getTime() };
  if (!(range.from < range.to))
    throw invalid("The parameter StartTime must be less than the parameter EndTime.");
  const queries = (input.MetricDataQueries ?? []).filter((query) => query.ReturnData !== false);
  return { MetricDataResults: queries.map((query) => runQuery(points, input, query, range)), Messages: [] };
}

function runQuery(
  points: Points,
  { ScanBy, MaxDatapoints = POINTS_PER_CALL }: GetMetricDataCommandInput,
  { Id, Label, MetricStat, Expression }: MetricDataQuery,
  range: TimeRange,
) {
  if (Expression || !MetricStat) throw notImplemented(`metric math in GetMetricData ("${Expression}")`);
  const { Metric, Period, Stat, Unit } = MetricStat;
  const values = readPeriods(points, readSeries(Metric!.Namespace!, Metric!), range, Period!, Unit)
    .map((point) => [point.at, computeStatistic(point, Stat!)] as const)
    .filter(([, value]) => value !== undefined)
    .slice(0, MaxDatapoints);
  const ordered = ScanBy === "TimestampAscending" ? values : values.toReversed();
  return {
    Id,
    Label: Label ?? Metric!.MetricName,
    Timestamps: ordered.map(([at]) => new Date(at)),
    Values: ordered.map(([, value]) => value!),
    StatusCode: "Complete" as const,
  };
}

export function getMetricStatistics(points: Points, input: GetMetricStatisticsCommandInput) {
  const series = readSeries(input.Namespace!, input);
  const range = { from: input.StartTime!.getTime(), to: input.EndTime!.getTime() };
  const periods = readPeriods(points, series, range, input.Period!, input.Unit);
  return { Label: input.MetricName, Datapoints: periods.map((point) => toDatapoint(point, input)) };
}

function toDatapoint(point: Point, input: GetMetricStatisticsCommandInput): Datapoint {
  const all = (names: string[] = []) =>
    Object.fromEntries(names.map((name) => [name, computeStatistic(point, name)]));
  const { Unit = "None", Statistics, ExtendedStatistics } = input;
  return {
    Timestamp: new Date(point.at),
    Unit,
    ...all(Statistics),
    ...(ExtendedStatistics?.length && {
      ExtendedStatistics: all(ExtendedStatistics) as Record<string, number>,
    }),
  };
}

function readPeriods(
  points: Points,
  series: Series,
  { from, to }: TimeRange,
  seconds: number,
  unit?: string,
) {
  if (!(seconds >= 1) || (seconds >= 60 && seconds % 60 !== 0))
    throw invalid(`The parameter Period must be a multiple of 60, not ${seconds}.`);
  const periodMs = Math.max(60, seconds) * 1000;
  return groupByPeriod(points.read(series, Math.floor(from / periodMs) * periodMs, to, unit), periodMs);
}
