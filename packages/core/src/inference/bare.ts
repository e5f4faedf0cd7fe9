// The answer of SageMaker's built-in image classification: the probabilities alone, in the order of the classes it learned.
import * as z from "zod";
import { SluiceError } from "../error/error.ts";
import { type Answer, jsonOf } from "./answer.ts";

/** Whose answer it is; the image does not say. */
export interface Bare {
  model: string;
  version: string;
  classes: readonly string[];
}

/** What it calls any picture; it decodes JPEG and PNG. */
export const bareContentType = "application/x-image";

/** Of single precision. */
const rounding = 1e-3;
const Share = z
  .number()
  .min(0)
  .max(1 + rounding);
const List = z.array(Share).min(1);
/** In one form for JSON, in another for JSON Lines. */
const Probabilities = z.union([
  List,
  z.object({ prediction: List }).transform(({ prediction }) => prediction),
]);

export function parseBare(body: Uint8Array, { model, version, classes }: Bare, endpoint: string): Answer {
  const parsed = Probabilities.safeParse(jsonOf(body, endpoint));
  const refuse = (why: string) => new SluiceError("ANSWER_INVALID", `Endpoint ${endpoint} answered ${why}.`);
  if (!parsed.success) throw refuse("no list of probabilities");
  if (parsed.data.length !== classes.length)
    throw refuse(`${parsed.data.length} probabilities; version ${version} knows ${classes.length} classes`);
  const predictions = parsed.data
    .map((probability, at) => ({ class: classes[at]!, probability: Math.min(1, probability) }))
    .toSorted((a, b) => b.probability - a.probability);
  return { task: "image-classification", model, version, predictions, timing: {} };
}
