// CloudWatch's operations.
import type {
  Datapoint,
  GetMetricDataCommandInput,
  GetMetricStatisticsCommandInput,
  ListMetricsCommandInput,
  MetricDatum,
  PutMetricDataCommandInput,
} from "@aws-sdk/client-cloudwatch";
import { AwsError, notImplemented } from "../../kernel/error.ts";
import type { Kernel, Service } from "../../kernel/service.ts";
import { COMPARISONS, type Alarm, type State } from "./alarm.ts";
import { declaredAlarms } from "./declared.ts";
import {
  DATA_PER_CALL,
  DIMENSIONS,
  FUTURE_MS,
  OLDEST_MS,
  POINTS_PER_CALL,
  VALUES_PER_DATUM,
} from "./limits.ts";
import { openPoints, toPoint, type Dimension, type Point, type Series } from "./points.ts";
import { groupByPeriod, statistic } from "./statistic.ts";
import { openWatch, type AlarmRow } from "./watch.ts";

export function start(kernel: Kernel): Service {
  const { store, clock } = kernel;
  const points = openPoints(store);
  const watch = openWatch(kernel, points);
  for (const alarm of declaredAlarms(kernel.graph)) watch.put(checked(alarm));

  function put({ Namespace, MetricData = [] }: PutMetricDataCommandInput) {
    if (!Namespace) throw new AwsError("MissingRequiredParameter", "The parameter Namespace is required.");
    if (MetricData.length > DATA_PER_CALL)
      throw invalid(`The collection MetricData must not have a size greater than ${DATA_PER_CALL}.`);
    const read = MetricData.map((datum, index) => ({
      series: seriesOf(Namespace, datum, index),
      unit: datum.Unit ?? "None",
      point: readDatum(datum, index),
    }));
    store.tx(() => read.forEach(({ series, unit, point }) => points.add(series, unit, point)));
    return {};
  }

  function readDatum(datum: MetricDatum, index: number): Point {
    const now = clock.now();
    const at = datum.Timestamp?.getTime() ?? now;
    const where = `MetricData.member.${index + 1}`;
    if (at < now - OLDEST_MS || at > now + FUTURE_MS)
      throw invalid(
        `The value ${new Date(at).toISOString()} for parameter ${where}.Timestamp must be within two weeks before and two hours after now.`,
      );
    if (datum.StatisticValues) {
      const { SampleCount, Sum, Minimum, Maximum } = datum.StatisticValues;
      return { at, count: SampleCount!, sum: Sum!, least: Minimum!, most: Maximum!, spread: null };
    }
    const values = datum.Values ?? (datum.Value === undefined ? [] : [datum.Value]);
    if (values.length === 0)
      throw new AwsError(
        "MissingRequiredParameter",
        `${where} must have a Value, Values or StatisticValues.`,
      );
    if (values.length > VALUES_PER_DATUM)
      throw invalid(`${where}.Values must not have more than ${VALUES_PER_DATUM} values.`);
    if (!values.every(Number.isFinite)) throw invalid(`The values of ${where} must be finite numbers.`);
    if (datum.Counts && datum.Counts.length !== values.length)
      throw invalid(`${where}.Counts and Values must be of the same length.`);
    return toPoint(at, values, datum.Counts);
  }

  function getData(input: GetMetricDataCommandInput) {
    const [from, to] = [input.StartTime!.getTime(), input.EndTime!.getTime()];
    if (!(from < to)) throw invalid("The parameter StartTime must be less than the parameter EndTime.");
    const ascending = input.ScanBy === "TimestampAscending";
    const most = input.MaxDatapoints ?? POINTS_PER_CALL;
    const queries = (input.MetricDataQueries ?? []).filter((query) => query.ReturnData !== false);
    return {
      MetricDataResults: queries.map(({ Id, Label, MetricStat, Expression }) => {
        if (Expression || !MetricStat) throw notImplemented(`metric math in GetMetricData ("${Expression}")`);
        const { Metric, Period, Stat, Unit } = MetricStat;
        const series = seriesOf(Metric!.Namespace!, Metric!);
        const values = query(series, from, to, Period!, Unit)
          .map((point) => [point.at, statistic(point, Stat!)] as const)
          .filter(([, value]) => value !== undefined)
          .slice(0, most);
        if (!ascending) values.reverse();
        return {
          Id,
          Label: Label ?? Metric!.MetricName,
          Timestamps: values.map(([at]) => new Date(at)),
          Values: values.map(([, value]) => value!),
          StatusCode: "Complete" as const,
        };
      }),
      Messages: [],
    };
  }

  function query(series: Series, from: number, to: number, periodS: number, unit?: string) {
    if (!(periodS >= 1) || (periodS >= 60 && periodS % 60 !== 0))
      throw invalid(`The parameter Period must be a multiple of 60, not ${periodS}.`);
    const periodMs = Math.max(60, periodS) * 1000;
    return groupByPeriod(points.read(series, Math.floor(from / periodMs) * periodMs, to, unit), periodMs);
  }

  function getStatistics(input: GetMetricStatisticsCommandInput) {
    const series = seriesOf(input.Namespace!, input);
    const found = query(
      series,
      input.StartTime!.getTime(),
      input.EndTime!.getTime(),
      input.Period!,
      input.Unit,
    );
    return {
      Label: input.MetricName,
      Datapoints: found.map((point) => {
        const datum: Datapoint = { Timestamp: new Date(point.at), Unit: input.Unit ?? "None" };
        for (const name of input.Statistics ?? []) datum[name] = statistic(point, name);
        const extended = (input.ExtendedStatistics ?? []).map(
          (name) => [name, statistic(point, name)] as const,
        );
        if (extended.length > 0)
          datum.ExtendedStatistics = Object.fromEntries(extended) as Record<string, number>;
        return datum;
      }),
    };
  }

  function list({
    Namespace,
    MetricName,
    Dimensions = [],
    RecentlyActive,
    NextToken,
  }: ListMetricsCommandInput) {
    const since = RecentlyActive ? clock.now() - 3 * 3_600_000 : 0;
    const found = points
      .list(Namespace, MetricName, since)
      .filter(({ dimensions }) =>
        Dimensions.every(({ Name, Value }) =>
          dimensions.some((own) => own.Name === Name && (Value === undefined || own.Value === Value)),
        ),
      );
    const from = Number(NextToken ?? 0);
    return {
      Metrics: found.slice(from, from + 500).map((series) => ({
        Namespace: series.namespace,
        MetricName: series.name,
        Dimensions: series.dimensions,
      })),
      ...(found.length > from + 500 && { NextToken: String(from + 500) }),
    };
  }

  const alarmOf = (name: string): AlarmRow => {
    const row = watch.rows().find((candidate) => candidate.name === name);
    if (row) return row;
    throw new AwsError("ResourceNotFound", `Unknown alarm: ${name}`, { status: 404 });
  };

  const operations: Service["operations"] = {
    PutMetricData: put,
    GetMetricData: getData,
    GetMetricStatistics: getStatistics,
    ListMetrics: list,
    PutMetricAlarm(input: Alarm & { Metrics?: unknown[] }) {
      if (input.Metrics?.length) throw notImplemented("alarms on metric math");
      watch.put(checked(input));
      return {};
    },
    DescribeAlarms({ AlarmNames, AlarmNamePrefix = "", StateValue }) {
      const rows = watch
        .rows()
        .filter(({ name }) =>
          AlarmNames?.length ? AlarmNames.includes(name) : name.startsWith(AlarmNamePrefix),
        )
        .filter(({ state }) => !StateValue || state === StateValue);
      return { MetricAlarms: rows.map((row) => describe(row, watch.arnOf(row.name))), CompositeAlarms: [] };
    },
    DeleteAlarms({ AlarmNames = [] }) {
      for (const name of AlarmNames) watch.drop(name);
      return {};
    },
    SetAlarmState({
      AlarmName,
      StateValue,
      StateReason,
    }: {
      AlarmName: string;
      StateValue: State;
      StateReason: string;
    }) {
      const row = alarmOf(AlarmName);
      if (row.state !== StateValue) watch.set(row, StateValue, StateReason);
      return {};
    },
  };

  return {
    operations,
    access(operation, input) {
      const action = `cloudwatch:${operation}`;
      const named: string[] = operation === "DeleteAlarms" ? (input.AlarmNames ?? []) : [];
      if (operation.includes("Alarm") && input.AlarmName) named.push(input.AlarmName);
      const resources = named.length > 0 ? named.map(watch.arnOf) : ["*"];
      const context = input.Namespace && { context: { "cloudwatch:namespace": input.Namespace } };
      return resources.map((resource) => ({ action, resource, ...context }));
    },
    resume: () => watch.start(),
    stop: () => watch.stop(),
  };
}

function checked(alarm: Alarm): Alarm {
  if (!COMPARISONS[alarm.ComparisonOperator])
    throw notImplemented(`the alarm comparison ${alarm.ComparisonOperator}`);
  if (!alarm.MetricName || !alarm.Namespace)
    throw invalid(`The alarm ${alarm.AlarmName} must name a metric and its namespace.`);
  return alarm;
}

function seriesOf(
  namespace: string,
  {
    MetricName,
    Dimensions = [],
  }: { MetricName?: string; Dimensions?: Array<{ Name?: string; Value?: string }> },
  index = 0,
): Series {
  const where = `MetricData.member.${index + 1}`;
  if (!MetricName)
    throw new AwsError("MissingRequiredParameter", `The parameter ${where}.MetricName is required.`);
  if (Dimensions.length > DIMENSIONS)
    throw invalid(`${where} must not have more than ${DIMENSIONS} dimensions.`);
  if (!Dimensions.every(({ Name, Value }) => Name && Value))
    throw invalid(`The dimensions of ${where} must have a name and a value.`);
  return { namespace, name: MetricName, dimensions: Dimensions as Dimension[] };
}

function describe(row: AlarmRow, AlarmArn: string) {
  return {
    ...(JSON.parse(row.definition) as Alarm),
    AlarmArn,
    StateValue: row.state,
    StateReason: row.reason,
    StateUpdatedTimestamp: new Date(row.changed),
    AlarmConfigurationUpdatedTimestamp: new Date(row.configured),
  };
}

const invalid = (message: string) => new AwsError("InvalidParameterValue", message);
