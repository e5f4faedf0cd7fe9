// The response of SageMaker's built-in image classification: a list of probabilities in the order of its classes.
import * as z from "zod";
import { SluiceError } from "../error/error.ts";
import { type ModelResponse, parseJson } from "./response.ts";

/** The version that responds and its classes: the response names neither. */
export interface ProbabilityList {
  model: string;
  version: string;
  classes: readonly string[];
}

/** The algorithm's content type for JPEG and PNG. */
export const probabilityListContentType = "application/x-image";

/** The probabilities are rounded to single precision. */
const ROUNDING = 1e-3;
const List = z
  .array(
    z
      .number()
      .min(0)
      .max(1 + ROUNDING),
  )
  .min(1);
/** A list as JSON, an object as JSON Lines. */
const Probabilities = z.union([
  List,
  z.object({ prediction: List }).transform(({ prediction }) => prediction),
]);

export function parseProbabilityList(
  body: Uint8Array,
  { model, version, classes }: ProbabilityList,
  endpoint: string,
): ModelResponse {
  const parsed = Probabilities.safeParse(parseJson(body, endpoint));
  const invalid = (what: string) =>
    new SluiceError("RESPONSE_INVALID", `Endpoint ${endpoint} returned ${what}.`);
  if (!parsed.success) throw invalid("no list of probabilities");
  if (parsed.data.length !== classes.length)
    throw invalid(`${parsed.data.length} probabilities; version ${version} has ${classes.length} classes`);
  const predictions = parsed.data
    .map((probability, index) => ({ class: classes[index]!, probability: Math.min(1, probability) }))
    .toSorted((a, b) => b.probability - a.probability);
  return { task: "image-classification", model, version, predictions, timing: {} };
}
