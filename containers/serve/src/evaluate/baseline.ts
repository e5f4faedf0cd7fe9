// The baseline of a version: what its held-out items look like. Monitoring compares captured predictions with it.
import { measureBoxes } from "@sluice/inference/descriptors/boxes.ts";
import type { InferenceResult } from "@sluice/inference/engine/engine.ts";
import type { Manifest } from "@sluice/inference/package.ts";
import { fitTemperature, logitsOf } from "@sluice/statistics/calibration/temperature.ts";
import type { Baseline } from "@sluice/statistics/window/baseline.ts";
import type { MonitoredItem } from "@sluice/statistics/window/item.ts";
import { toMonitoredItem } from "@sluice/statistics/window/response.ts";
import { createWindow } from "@sluice/statistics/window/window.ts";
import type { Item } from "./dataset.ts";

/** About 1 KB of memory each; more would not change the comparison. */
const MAX_ITEMS = 20_000;
/** Of the choice of embeddings, the same for all windows. */
const SEED = 1;

interface Options {
  manifest: Pick<Manifest, "model" | "thresholds">;
  version: string;
  /** Of the held-out items. */
  count: number;
  /** Of boxes. Default: the package's own. */
  threshold: number | undefined;
}

export function createBaseline({ manifest, version, count, threshold }: Options) {
  const stride = Math.ceil(count / MAX_ITEMS);
  const gate = threshold ?? manifest.thresholds.confidence;
  const items: MonitoredItem[] = [];
  const logits: number[][] = [];
  const labels: number[] = [];
  let seen = 0;
  return {
    add({ file, label }: Item, result: InferenceResult) {
      if (seen++ % stride !== 0) return;
      const reachesGate = ({ confidence }: { confidence: number }) => confidence >= gate;
      const served = withoutWeakBoxes(result, manifest.thresholds.confidence);
      items.push(toMonitoredItem(served, { id: file, at: seen, reachesGate }));
      if (!("predictions" in result)) return;
      const truth = result.predictions.findIndex(({ class: name }) => name === label);
      // A class that the model does not have is wrong at every temperature.
      if (truth === -1) return;
      labels.push(truth);
      logits.push(logitsOf(result.predictions.map(({ probability }) => probability)));
    },
    /** `score` is the evaluation's: `accuracy` of a classifier, `precision` of a detector at its threshold. */
    finish(score: { accuracy?: number; precision?: number }): Baseline {
      const { temperature } = fitTemperature(logits, labels);
      const window = createWindow({ seed: SEED, temperature });
      for (const item of items) window.add(item);
      const metric = score.accuracy === undefined ? "precision" : "accuracy";
      const value = score[metric];
      return {
        format: 1,
        model: manifest.model,
        version,
        source: "evaluation",
        temperature,
        ...(value !== undefined && { measured: { metric, value, count: seen } }),
        window: window.toJSON(),
      };
    },
  };
}

/** The response of an endpoint: an evaluation also reads boxes that are too weak for one. */
function withoutWeakBoxes(result: InferenceResult, least: number): InferenceResult {
  if (!("detections" in result) || !("width" in result.descriptors)) return result;
  const detections = result.detections.filter(({ confidence }) => confidence >= least);
  const { boxes: _, meanBoxArea: __, smallestBoxArea: ___, ...measures } = result.descriptors;
  return {
    ...result,
    detections,
    descriptors: { ...measures, ...measureBoxes(detections, result.descriptors) },
  };
}
