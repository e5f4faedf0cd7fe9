// Predictions and their reviews in a trace.
import { groundTruthSource } from "../accuracy/accuracy.ts";
import { readTruths } from "../accuracy/truths.ts";
import { SluiceError } from "../error/error.ts";
import { labelKeyOf } from "../label/of-prediction.ts";
import { getLabel } from "../label/read.ts";
import type { Prediction } from "../prediction/prediction.ts";
import { getPrediction } from "../prediction/record.ts";
import { findVersion } from "../version/read.ts";
import * as link from "./links.ts";
import type { Node, Step, Traced } from "./node.ts";
import { servedBy } from "./production.ts";

export async function tracePrediction({ id }: Node): Promise<Traced> {
  const prediction = await getPrediction(id);
  const { model, endpoint, modelVersion, finishedAt, changedAt, review } = prediction;
  return {
    link: link.predictionLink(prediction),
    up: async () => {
      // A custom container reports any text as its version.
      const version = modelVersion ? await findVersion(model, modelVersion) : undefined;
      return servedBy(model, { version: version?.version, endpoint, at: finishedAt ?? changedAt });
    },
    down: async () => [
      ...(review ? [{ kind: "review" as const, model, id }] : []),
      ...(await findGroundTruth(prediction)),
    ],
  };
}

/** The label of its ground truth. Another prediction of the same object may have replaced it. */
async function findGroundTruth(prediction: Prediction): Promise<Step[]> {
  const { id, model } = prediction;
  const truth = (await readTruths([id], false)).get(id);
  if (truth?.source !== groundTruthSource) return [];
  try {
    const { key, source, extra } = await getLabel(model, await labelKeyOf(prediction));
    const isOwn = source === groundTruthSource && extra?.["prediction"] === id;
    return isOwn ? [{ kind: "label", model, id: key }] : [];
  } catch (thrown) {
    if (!(thrown instanceof SluiceError) || thrown.kind !== "user") throw thrown;
    return thrown.code === "LABEL_UNKNOWN" ? [] : [thrown.message];
  }
}

export async function traceReview({ id }: Node): Promise<Traced> {
  const prediction = await getPrediction(id);
  const { model, review } = prediction;
  if (!review) throw new SluiceError("REVIEW_NOT_REQUESTED", `Prediction ${id} has no review.`);
  const { key } = review;
  return {
    link: link.reviewLink(prediction, review),
    up: async () => [{ kind: "prediction", model, id }],
    down: async () => (key === undefined ? [] : [{ kind: "label", model, id: key }]),
  };
}
