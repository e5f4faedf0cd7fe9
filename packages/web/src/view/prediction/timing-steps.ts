import type { Prediction } from "@sluice/core/prediction/prediction.ts";

type Timings = NonNullable<Prediction["timings"]>;

const STEPS = {
  queueMs: "queue",
  fetchMs: "S3 download",
  checkMs: "input check",
  invokeMs: "endpoint call",
  storeMs: "result upload",
} as const;
/** Parts of the endpoint call. */
const ENGINE_STEPS = {
  decodeMs: "decode",
  preprocessMs: "preprocess",
  inferenceMs: "inference",
  postprocessMs: "postprocess",
} as const;

export interface TimingStep {
  name: string;
  ms: number;
  /** Milliseconds after the first step started. */
  start: number;
  /** Part of the endpoint call. */
  inside: boolean;
}

/** The measured steps, one after the other. */
export function toSteps({ engine, ...timings }: Timings): TimingStep[] {
  const addSteps = (names: Record<string, string>, values: object, from: number, inside: boolean) => {
    let start = from;
    return Object.entries(names).flatMap(([key, name]): TimingStep[] => {
      const ms = (values as Record<string, number | undefined>)[key];
      if (ms === undefined) return [];
      const step = { name, ms, start, inside };
      start += ms;
      return [step];
    });
  };
  return addSteps(STEPS, timings, 0, false).flatMap((step) =>
    step.name === STEPS.invokeMs ? [step, ...addSteps(ENGINE_STEPS, engine ?? {}, step.start, true)] : [step],
  );
}
