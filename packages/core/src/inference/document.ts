import type { Source, Summary, Timings } from "../prediction/prediction.ts";
import type { Gate, Result } from "./result.ts";
import { withDetectionIds } from "./detection-id.ts";
import { thresholdOf, type Thresholds } from "./gate.ts";
import type { ModelResponse } from "./response.ts";
import { withoutUndefined } from "../util/without-undefined.ts";

interface Context {
  id: string;
  model: { name: string; classes: readonly string[]; gate: Thresholds };
  endpoint: string;
  source: Source;
  gate: Gate;
  timings: Timings;
  characters?: number;
  /** ISO instant of the response. */
  at: string;
}

/** The result document of a response. */
export function buildResult(response: ModelResponse, about: Context): Result {
  const common = {
    id: about.id,
    model: about.model.name,
    modelVersion: response.version,
    endpoint: about.endpoint,
    source: about.source,
    gate: about.gate,
    timings: about.timings,
    processingTime: about.timings.totalMs ?? 0,
  };
  if (response.task === "object-detection") {
    const found = response.detections.map((one) => ({ ...one, area: one.box.width * one.box.height }));
    const reaches = (one: (typeof found)[number]) =>
      one.confidence >= thresholdOf(about.model.gate, one.class);
    const detections = found.filter(reaches);
    const sum = detections.reduce((total, { confidence }) => total + confidence, 0);
    const doubtful = found.filter((one) => !reaches(one));
    return {
      ...common,
      task: response.task,
      detectedAt: about.at,
      ...withDetectionIds({ id: about.id, detections, doubtful }),
      statistics: {
        total: detections.length,
        averageConfidence: detections.length === 0 ? 0 : sum / detections.length,
        countPerClass: countPerClass(
          about.model.classes,
          detections.map((one) => one.class),
        ),
        processingSteps: steps(about.timings),
      },
      image: response.image,
    };
  }
  const ranked = response.predictions.toSorted((a, b) => b.probability - a.probability);
  const best = ranked[0]!;
  const classified = { ...common, classifiedAt: about.at, processingSteps: steps(about.timings) };
  if (response.task === "text-classification") {
    return {
      ...classified,
      task: response.task,
      label: best.class,
      score: best.probability,
      scores: ranked,
      characters: about.characters ?? 0,
    };
  }
  return {
    ...classified,
    task: response.task,
    class: best.class,
    probability: best.probability,
    probabilities: ranked,
    image: response.image,
  };
}

/** The part of a result that the record stores. */
export function summarizeResult(result: Result): Summary {
  const { class: name, confidence, threshold } = result.gate;
  // An image without objects has no strongest one.
  const strongest = withoutUndefined({ class: name, confidence, threshold, margin: marginOf(result) });
  if (result.task !== "object-detection") return strongest;
  const { total, countPerClass } = result.statistics;
  return { ...strongest, total, countPerClass };
}

function marginOf(result: Result): number | undefined {
  if (result.task === "object-detection") {
    const { threshold } = result.gate;
    const distances = [...result.detections, ...result.doubtful].map(({ confidence }) =>
      Math.abs(confidence - threshold),
    );
    return distances.length === 0 ? undefined : round(Math.min(...distances));
  }
  const [first, second] = "scores" in result ? result.scores : result.probabilities;
  return first && second && round(first.probability - second.probability);
}

const round = (value: number) => Number(value.toPrecision(4));

/** CloudWatch accepts at most 100 values of one metric in a log line. */
const MAX_VALUES = 100;

export function confidencesOf(result: Result): number[] {
  if (result.task !== "object-detection")
    return result.gate.confidence === undefined ? [] : [result.gate.confidence];
  return result.detections.slice(0, MAX_VALUES).map(({ confidence }) => confidence);
}

/** Counts every declared class, zero included, and any other class of the model. */
function countPerClass(classes: readonly string[], found: string[]) {
  const counts: Record<string, number> = Object.fromEntries(classes.map((name) => [name, 0]));
  for (const name of found) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

function steps(timings: Timings) {
  const { engine, totalMs: _total, ...own } = timings;
  const { totalMs: _engineTotal, ...engineSteps } = engine ?? {};
  return Object.entries({ ...own, ...engineSteps })
    .filter((entry): entry is [string, number] => typeof entry[1] === "number")
    .map(([name, ms]) => ({ step: name.replace(/Ms$/, ""), ms }));
}
