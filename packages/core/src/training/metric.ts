// The metrics in a job's log, defined once for SageMaker and for reading the log here.
import type { MetricDefinition } from "@aws-sdk/client-sagemaker";

const NUMBER = "([-+0-9.eE]+)";
const metricNames = ["train:loss", "validation:loss", "validation:accuracy", "validation:mAP50"] as const;

/** `epoch=3; train:loss=0.4; validation:accuracy=0.9; epochs=50;` */
export const metricDefinitions: MetricDefinition[] = metricNames.map((name) => ({
  Name: name,
  Regex: `${name}=${NUMBER};`,
}));

export interface Point {
  at: string;
  epoch: number;
  /** The most epochs of the run, if the trainer logs it. */
  epochs?: number;
  values: Record<string, number>;
}

const patterns = metricDefinitions.map(({ Name, Regex }) => ({ name: Name!, pattern: new RegExp(Regex!) }));

/**
 * The metrics of an epoch's line; undefined for any other line. SageMaker's built-in algorithm writes
 * `Epoch[3] Validation-accuracy=0.9`, two lines an epoch.
 */
export function pointOf(line: string, at: string): Point | undefined {
  const builtIn = /\bEpoch\[(\d+)\] (Train|Validation)-accuracy=([-+0-9.eE]+)/.exec(line);
  if (builtIn) {
    const name = builtIn[2] === "Train" ? "train:accuracy" : "validation:accuracy";
    // The algorithm counts epochs from 0.
    return { at, epoch: Number(builtIn[1]) + 1, values: { [name]: Number(builtIn[3]) } };
  }
  const epoch = Number(/(?:^|\s)epoch=(\d+);/.exec(line)?.[1]);
  if (!Number.isInteger(epoch)) return undefined;
  const values: Record<string, number> = {};
  for (const { name, pattern } of patterns) {
    const value = Number(pattern.exec(line)?.[1] ?? Number.NaN);
    if (Number.isFinite(value)) values[name] = value;
  }
  if (Object.keys(values).length === 0) return undefined;
  const total = /(?:^|\s)epochs=(\d+);/.exec(line)?.[1];
  return { at, epoch, values, ...(total !== undefined && { epochs: Number(total) }) };
}
