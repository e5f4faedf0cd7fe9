// Predictions and their reviews in a trace.
import { getPrediction } from "../prediction/record.ts";
import { SluiceError } from "../error/error.ts";
import { findVersion } from "../version/read.ts";
import * as link from "./links.ts";
import type { Node, Traced } from "./node.ts";
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
    down: async () => (review ? [{ kind: "review", model, id }] : []),
  };
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
