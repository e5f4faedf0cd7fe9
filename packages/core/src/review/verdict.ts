// Turns a person's verdict on a prediction into a label, checked against the model and the image.
import * as z from "zod";
import { Box } from "@sluice/labels/format/sample.ts";
import { clipBox, isEmptyBox } from "@sluice/labels/validate/box.ts";
import { SluiceError } from "../error/error.ts";
import { type LabelInput, maxBoxes } from "../label/label.ts";
import { validateLabel } from "../label/validate-label.ts";
import { getModel } from "../model/model.ts";
import { readResult } from "../prediction/document.ts";
import type { Prediction } from "../prediction/prediction.ts";

const BoxInput = Box.pick({ class: true, x: true, y: true, width: true, height: true }).extend({
  /** The id of the detection that the box is from. */
  detection: z.string().max(100).optional(),
});

/** Exactly one field is set. */
export const Verdict = z
  .object({
    /** The correct class, for classification. */
    label: z.string().min(1).max(100).optional(),
    /** The correct boxes, for object detection: in pixels, from the top left corner. Empty for an image without objects. */
    boxes: z.array(BoxInput).max(maxBoxes).optional(),
    agree: z.literal(true).optional(),
    /** The object is not useful for training. */
    dismiss: z.literal(true).optional(),
  })
  .refine(
    (verdict) => Object.values(verdict).filter((value) => value !== undefined).length === 1,
    "set exactly one of label, boxes, agree and dismiss",
  );
export type Verdict = z.output<typeof Verdict>;
type BoxInput = z.output<typeof BoxInput>;
export type ReviewedLabel = Pick<LabelInput, "label" | "boxes">;

export async function reviewedLabel(
  prediction: Prediction,
  { label, boxes, agree }: Verdict,
): Promise<ReviewedLabel> {
  const reviewed = agree ? await predictedLabel(prediction) : { label, boxes: boxes?.map(toLabelBox) };
  const invalid = validateLabel(getModel(prediction.model), reviewed);
  if (invalid) throw new SluiceError("INPUT_INVALID", `${boxes ? "boxes" : "label"}: ${invalid.message}.`);
  if (!reviewed.boxes) return reviewed;
  return { ...reviewed, boxes: reviewed.boxes.map((box, index) => clipToImage(box, index, prediction)) };
}

/** The predicted class, or the detections above the threshold. */
async function predictedLabel(prediction: Prediction): Promise<ReviewedLabel> {
  if (prediction.task !== "object-detection") return { label: prediction.summary?.class };
  const result = await readResult(prediction);
  if (result.task !== "object-detection") return {};
  return {
    boxes: result.detections.map(({ id, class: name, box }) =>
      toLabelBox({ class: name, ...box, detection: id }),
    ),
  };
}

/** The label's box names its detection, so that exports lead back to the result. */
const toLabelBox = ({ detection, ...box }: BoxInput): Box =>
  detection === undefined ? box : { ...box, extra: { detection } };

function clipToImage(box: Box, index: number, { image }: Prediction) {
  const refuse = (why: string): never => {
    throw new SluiceError("INPUT_INVALID", `boxes.${index} (${box.class}): ${why}.`, { details: { box } });
  };
  if (isEmptyBox(box)) return refuse(`it is ${box.width} by ${box.height} pixels`);
  if (!image) return box;
  return clipBox(box, image) ?? refuse(`it is outside the image of ${image.width} by ${image.height} pixels`);
}
