// How a number in a job's log becomes a metric: the same definitions for SageMaker and for reading the log here.
import type { MetricDefinition } from "@aws-sdk/client-sagemaker";

const NUMBER = "([-+0-9.eE]+)";
const metricNames = ["train:loss", "validation:loss", "validation:accuracy", "validation:mAP50"] as const;

/** `epoch=3; train:loss=0.4; validation:accuracy=0.9;` */
export const metricDefinitions: MetricDefinition[] = metricNames.map((name) => ({
  Name: name,
  Regex: `${name}=${NUMBER};`,
}));

export interface Point {
  at: string;
  epoch: number;
  values: Record<string, number>;
}

const patterns = metricDefinitions.map(({ Name, Regex }) => ({ name: Name!, pattern: new RegExp(Regex!) }));

/**
 * The metrics of one epoch's line; nothing of any other line, the closing one included. SageMaker's built-in algorithm
 * writes `Epoch[3] Validation-accuracy=0.9`, two lines an epoch.
 */
export function pointOf(line: string, at: string): Point | undefined {
  const theirs = /\bEpoch\[(\d+)\] (Train|Validation)-accuracy=([-+0-9.eE]+)/.exec(line);
  if (theirs) {
    const name = theirs[2] === "Train" ? "train:accuracy" : "validation:accuracy";
    // It counts from 0.
    return { at, epoch: Number(theirs[1]) + 1, values: { [name]: Number(theirs[3]) } };
  }
  const epoch = Number(/(?:^|\s)epoch=(\d+);/.exec(line)?.[1]);
  if (!Number.isInteger(epoch)) return undefined;
  const values: Record<string, number> = {};
  for (const { name, pattern } of patterns) {
    const value = Number(pattern.exec(line)?.[1] ?? Number.NaN);
    if (Number.isFinite(value)) values[name] = value;
  }
  return Object.keys(values).length > 0 ? { at, epoch, values } : undefined;
}
