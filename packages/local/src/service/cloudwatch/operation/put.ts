// PutMetricData.
import type { MetricDatum, PutMetricDataCommandInput } from "@aws-sdk/client-cloudwatch";
import type { Kernel } from "../../../kernel/service.ts";
import { invalid, missing } from "../error.ts";
import { DATA_PER_CALL, FUTURE_MS, OLDEST_MS, VALUES_PER_DATUM } from "../limits.ts";
import { toPoint, type Point, type Points } from "../points.ts";
import { readSeries } from "../series.ts";

export function putMetricData(
  { store, clock }: Kernel,
  points: Points,
  { Namespace, MetricData = [] }: PutMetricDataCommandInput,
) {
  if (!Namespace) throw missing("The parameter Namespace is required.");
  if (MetricData.length > DATA_PER_CALL)
    throw invalid(`The collection MetricData must not have a size greater than ${DATA_PER_CALL}.`);
  const data = MetricData.map((datum, index) => ({
    series: readSeries(Namespace, datum, index),
    unit: datum.Unit ?? "None",
    point: readDatum(datum, index, clock.now()),
  }));
  store.tx(() => data.forEach(({ series, unit, point }) => points.add(series, unit, point)));
  return {};
}

function readDatum(datum: MetricDatum, index: number, now: number): Point {
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
  if (values.length === 0) throw missing(`${where} must have a Value, Values or StatisticValues.`);
  if (values.length > VALUES_PER_DATUM)
    throw invalid(`${where}.Values must not have more than ${VALUES_PER_DATUM} values.`);
  if (!values.every(Number.isFinite)) throw invalid(`The values of ${where} must be finite numbers.`);
  if (datum.Counts && datum.Counts.length !== values.length)
    throw invalid(`${where}.Counts and Values must be of the same length.`);
  return toPoint(at, values, datum.Counts);
}
