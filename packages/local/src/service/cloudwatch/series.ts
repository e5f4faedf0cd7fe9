// The metric that a request names, with its dimensions.
import { invalid, missing } from "./error.ts";
import { DIMENSIONS } from "./limits.ts";
import type { Dimension, Series } from "./points.ts";

interface Metric {
  MetricName?: string;
  Dimensions?: Array<{ Name?: string; Value?: string }>;
}

/** `index`: the position in MetricData, for error messages. */
export function readSeries(namespace: string, { MetricName, Dimensions = [] }: Metric, index = 0): Series {
  const where = `MetricData.member.${index + 1}`;
  if (!MetricName) throw missing(`The parameter ${where}.MetricName is required.`);
  if (Dimensions.length > DIMENSIONS)
    throw invalid(`${where} must not have more than ${DIMENSIONS} dimensions.`);
  if (!Dimensions.every(({ Name, Value }) => Name && Value))
    throw invalid(`The dimensions of ${where} must have a name and a value.`);
  return { namespace, name: MetricName, dimensions: Dimensions as Dimension[] };
}
