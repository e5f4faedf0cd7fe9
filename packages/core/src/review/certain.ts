// Proposes predictions that are certain as labels, and accepts them in one action. They do not count for the accuracy:
// the model would measure itself.
import * as z from "zod";
import { applyTemperature, logitsOf } from "@sluice/statistics/calibration/temperature.ts";
import { SluiceError } from "../error/error.ts";
import { evaluationOf } from "../evaluation/read.ts";
import { writeLabels } from "../label/write.ts";
import { labelOf } from "../label/of-prediction.ts";
import { shardOf } from "../label/shard.ts";
import { getModel } from "../model/model.ts";
import { readResult } from "../prediction/document.ts";
import { listPredictions } from "../prediction/list.ts";
import { changedAt } from "../prediction/new-prediction.ts";
import type { Prediction } from "../prediction/prediction.ts";
import { fn } from "../util/fn.ts";
import { mapConcurrently } from "../util/map-concurrently.ts";
import { orderedId } from "../util/ordered-id.ts";
import { getVersion } from "../version/read.ts";
import { publishClosed } from "./publish-closed.ts";
import type { Review } from "./review.ts";

/** Of the calibrated confidence. */
const CERTAIN = 0.99;
/** A raw confidence below it is never certain, unless the model is far too unsure. */
const MIN_CONFIDENCE = 0.9;
const CONCURRENCY = 8;
/** The source of the labels. */
export const certainSource = "certain";

export const CertainRequest = z.object({
  /** Only with `false` labels are written. */
  dryRun: z.boolean().default(true),
  /** The most predictions of the newest that are read. */
  limit: z.number().int().min(1).max(200).default(100),
});

export const CertainOutcome = z.object({
  model: z.string(),
  dryRun: z.boolean(),
  /** Predictions that were read. */
  checked: z.number().int(),
  items: z.array(z.object({ id: z.string(), class: z.string(), confidence: z.number(), key: z.string() })),
  /** Versions without a calibration: their predictions cannot be certain. */
  uncalibrated: z.array(z.string()),
});
export type CertainOutcome = z.output<typeof CertainOutcome>;

export const acceptCertain = fn(
  CertainRequest.extend({ model: z.string(), by: z.string(), now: z.number() }),
  async ({ model, dryRun, limit, by, now }): Promise<CertainOutcome> => {
    if (getModel(model).task === "object-detection")
      throw new SluiceError("INPUT_INVALID", `${model} detects objects: a missing box is never certain.`);
    const { items: recent } = await listPredictions({
      model,
      status: "completed",
      minConfidence: MIN_CONFIDENCE,
      limit,
    });
    const open = recent.filter(({ review }) => review === undefined);
    const temperatures = await readTemperatures(model, open);
    const measured = await mapConcurrently(CONCURRENCY, open, async (prediction) => ({
      prediction,
      confidence: await calibratedConfidence(prediction, temperatures.get(prediction.modelVersion ?? "")),
    }));
    const certain = measured.flatMap(({ prediction, confidence }) =>
      confidence !== undefined && confidence >= CERTAIN ? [{ prediction, confidence }] : [],
    );
    const accepted = dryRun
      ? certain
      : (
          await mapConcurrently(CONCURRENCY, certain, async (one) =>
            (await accept(one.prediction, one.confidence, by, now)) ? [one] : [],
          )
        ).flat();
    const ended = { status: "resolved" as const, endedBy: by, endedAt: new Date(now).toISOString() };
    if (!dryRun) await publishClosed(accepted.map(({ prediction }) => [prediction, ended]));
    return {
      model,
      dryRun,
      checked: open.length,
      items: accepted.map(({ prediction: { id, summary, source }, confidence }) => ({
        id,
        class: summary!.class!,
        confidence,
        key: source.key,
      })),
      uncalibrated: [...temperatures].filter(([, value]) => value === undefined).map(([version]) => version),
    };
  },
);

/** By version. Undefined without an evaluation. */
async function readTemperatures(model: string, predictions: Prediction[]) {
  const versions = [...new Set(predictions.map(({ modelVersion }) => modelVersion ?? ""))];
  return new Map(
    await mapConcurrently(CONCURRENCY, versions, async (version): Promise<[string, number | undefined]> => {
      const evaluation = await getVersion(model, version)
        .then(evaluationOf)
        .catch((thrown: unknown) => {
          if (thrown instanceof SluiceError && thrown.kind === "user") return undefined;
          throw thrown;
        });
      return [version, evaluation?.calibration?.temperature];
    }),
  );
}

async function calibratedConfidence(
  prediction: Prediction,
  temperature: number | undefined,
): Promise<number | undefined> {
  if (temperature === undefined) return undefined;
  const result = await readResult(prediction);
  if (result.task === "object-detection") return undefined;
  const ranked = "scores" in result ? result.scores : result.probabilities;
  const logits = logitsOf(ranked.map(({ probability }) => probability));
  return Math.max(...applyTemperature(logits, temperature));
}

/** False if the prediction changed meanwhile, or its object did. */
async function accept(prediction: Prediction, confidence: number, by: string, now: number): Promise<boolean> {
  const { id, model, summary } = prediction;
  const iso = new Date(now).toISOString();
  const label = await labelOf(prediction, {
    label: summary!.class,
    annotator: by,
    source: certainSource,
    labelledAt: iso,
    confidence,
  }).catch((thrown: unknown) => {
    if (thrown instanceof SluiceError && thrown.kind === "user") return undefined;
    throw thrown;
  });
  if (!label) return false;
  const { key } = label;
  const review: Review = {
    status: "resolved",
    reason: "certain",
    openedAt: iso,
    endedBy: by,
    endedAt: iso,
    label: summary!.class,
    agreed: true,
    key,
  };
  const about = { id: orderedId("imp", now), model, source: certainSource, keys: [key], changedAt: iso };
  const change = { type: "set" as const, key, label };
  let attempts = 0;
  await writeLabels({ model, source: certainSource, now }, shardOf(key), [change], {
    // A second attempt would mean that the prediction, or the shard, changed: the next action proposes it again.
    alsoWrite: () =>
      Promise.resolve(
        attempts++ > 0
          ? undefined
          : {
              events: [],
              writes: ({ prediction: writer }) => [
                writer
                  .update({ id })
                  .set({ review, ...changedAt(now) })
                  .where(
                    (is, { eq, notExists }) =>
                      `${notExists(is.review)} AND ${eq(is.changedAt, prediction.changedAt)}`,
                  )
                  .commit(),
              ],
            },
      ),
    events: ({ added, changed, removed }) =>
      added + changed === 0
        ? []
        : [{ type: "labels.changed", detail: { ...about, added, changed, removed } }],
  });
  return attempts === 1;
}
