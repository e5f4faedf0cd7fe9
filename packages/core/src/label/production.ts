import { groundTruthSource } from "../accuracy/accuracy.ts";
import { reviewSource } from "../review/review.ts";

/** A label of a predicted object, from a review or from ground truth. Its `extra` has the id of the prediction. */
export const isProductionSource = (source: string) => source === reviewSource || source === groundTruthSource;
