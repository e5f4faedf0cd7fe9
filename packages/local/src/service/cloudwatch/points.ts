// Stored metrics: one row per series and minute, with the values that percentiles need.
import type { Store } from "../../kernel/store.ts";
import { DISTINCT_VALUES, MINUTE_MS } from "./limits.ts";

export interface Point {
  at: number;
  count: number;
  sum: number;
  least: number;
  most: number;
  /** Count by value; null when only statistics were sent. */
  spread: Record<string, number> | null;
}

export interface Series {
  namespace: string;
  name: string;
  dimensions: Dimension[];
}

export interface Dimension {
  Name: string;
  Value: string;
}

interface PointRow extends Omit<Point, "spread"> {
  unit: string;
  spread: string | null;
}

export type Points = ReturnType<typeof openPoints>;

export function openPoints(store: Store) {
  store.define(`
    create table if not exists cloudwatch_series (
      id integer primary key, namespace text not null, name text not null, dimensions text not null, latest integer not null,
      unique (namespace, name, dimensions)
    ) strict;
    create table if not exists cloudwatch_points (
      series integer not null, at integer not null, unit text not null, count real not null, sum real not null,
      least real not null, most real not null, spread text, primary key (series, at, unit)
    ) strict, without rowid`);

  const canonical = (dimensions: Dimension[]) =>
    JSON.stringify(
      dimensions.map(({ Name, Value }) => [Name, Value]).toSorted(([a], [b]) => (a! < b! ? -1 : 1)),
    );
  const find = ({ namespace, name, dimensions }: Series) =>
    store.get<{ id: number }>`select id from cloudwatch_series
      where namespace = ${namespace} and name = ${name} and dimensions = ${canonical(dimensions)}`?.id;

  return {
    add(series: Series, unit: string, point: Point) {
      const at = Math.floor(point.at / MINUTE_MS) * MINUTE_MS;
      store.run`insert into cloudwatch_series (namespace, name, dimensions, latest)
        values (${series.namespace}, ${series.name}, ${canonical(series.dimensions)}, ${at})
        on conflict (namespace, name, dimensions) do update set latest = max(latest, excluded.latest)`;
      const id = find(series)!;
      const row = store.get<PointRow>`select * from cloudwatch_points
        where series = ${id} and at = ${at} and unit = ${unit}`;
      const merged = row
        ? mergePoints({ ...row, spread: row.spread && JSON.parse(row.spread) }, point)
        : point;
      store.run`insert or replace into cloudwatch_points
        values (${id}, ${at}, ${unit}, ${merged.count}, ${merged.sum}, ${merged.least}, ${merged.most},
        ${merged.spread && JSON.stringify(merged.spread)})`;
    },
    /** The points from `from` up to `to` (exclusive), in order. */
    read(series: Series, from: number, to: number, unit?: string): Point[] {
      const id = find(series);
      if (id === undefined) return [];
      return store.all<PointRow>`select * from cloudwatch_points where series = ${id} and at >= ${from} and at < ${to}
          order by at`
        .filter((row) => unit === undefined || row.unit === unit)
        .map((row) => ({ ...row, spread: row.spread && JSON.parse(row.spread) }));
    },
    list(namespace: string | undefined, name: string | undefined, since: number): Series[] {
      return store
        .all<{ namespace: string; name: string; dimensions: string }>(
          `select namespace, name, dimensions from cloudwatch_series
           where (? is null or namespace = ?) and (? is null or name = ?) and latest >= ? order by id`,
          ...pair(namespace),
          ...pair(name),
          since,
        )
        .map((row) => ({
          ...row,
          dimensions: (JSON.parse(row.dimensions) as string[][]).map(([Name, Value]) => ({
            Name: Name!,
            Value: Value!,
          })),
        }));
    },
    sweep: (before: number) => store.run`delete from cloudwatch_points where at < ${before}`,
  };
}

const pair = (value: string | undefined) => [value ?? null, value ?? null] as const;

export function mergePoints(a: Point, b: Point): Point {
  return {
    at: a.at,
    count: a.count + b.count,
    sum: a.sum + b.sum,
    least: Math.min(a.least, b.least),
    most: Math.max(a.most, b.most),
    spread: a.spread && b.spread && limitDistinct(join(a.spread, b.spread)),
  };
}

function join(a: Record<string, number>, b: Record<string, number>) {
  const both = { ...a };
  for (const [value, count] of Object.entries(b)) both[value] = (both[value] ?? 0) + count;
  return both;
}

function limitDistinct(spread: Record<string, number>) {
  if (Object.keys(spread).length <= DISTINCT_VALUES) return spread;
  const rounded: Record<string, number> = {};
  for (const [value, count] of Object.entries(spread)) {
    const key = String(Number(Number(value).toPrecision(3)));
    rounded[key] = (rounded[key] ?? 0) + count;
  }
  return rounded;
}

export function toPoint(at: number, values: number[], counts?: number[]): Point {
  const spread: Record<string, number> = {};
  let [count, sum] = [0, 0];
  for (const [index, value] of values.entries()) {
    const times = counts?.[index] ?? 1;
    spread[String(value)] = (spread[String(value)] ?? 0) + times;
    count += times;
    sum += value * times;
  }
  return { at, count, sum, least: Math.min(...values), most: Math.max(...values), spread };
}
