// Embedded metric format (EMF): metrics in log events.
import type { MetricDatum } from "@aws-sdk/client-cloudwatch";

export interface Embedded {
  namespace: string;
  data: MetricDatum[];
}

interface Directive {
  Namespace: string;
  Dimensions?: string[][];
  Metrics?: Array<{ Name: string; Unit?: MetricDatum["Unit"] }>;
}

/** Reads the JSON at the end of a log line, after the runtime's time and level. */
export function embeddedMetrics(message: string): Embedded[] {
  if (!message.includes('"_aws"') || !message.trimEnd().endsWith("}")) return [];
  let blob: Record<string, unknown>;
  try {
    blob = JSON.parse(message.slice(message.indexOf("{")));
  } catch {
    return [];
  }
  const { Timestamp, CloudWatchMetrics } = (blob._aws ?? {}) as {
    Timestamp?: number;
    CloudWatchMetrics?: Directive[];
  };
  if (!Array.isArray(CloudWatchMetrics)) return [];
  return CloudWatchMetrics.filter(({ Namespace }) => typeof Namespace === "string").map((directive) => ({
    namespace: directive.Namespace,
    data: dataOf(directive, blob, new Date(Timestamp ?? Number.NaN)),
  }));
}

function dataOf(
  { Dimensions, Metrics = [] }: Directive,
  blob: Record<string, unknown>,
  at: Date,
): MetricDatum[] {
  const Timestamp = Number.isNaN(at.getTime()) ? undefined : at;
  const complete = (Dimensions ?? [[]]).filter((set) => set.every((dimension) => blob[dimension]));
  return complete.flatMap((set) =>
    Metrics.flatMap(({ Name, Unit }) => {
      const value = blob[Name];
      const Values = (Array.isArray(value) ? value : [value]).filter((item) => typeof item === "number");
      if (Values.length === 0) return [];
      return {
        MetricName: Name,
        Unit: Unit ?? "None",
        Dimensions: set.map((dimension) => ({ Name: dimension, Value: String(blob[dimension]) })),
        Timestamp,
        Values,
      };
    }),
  );
}
