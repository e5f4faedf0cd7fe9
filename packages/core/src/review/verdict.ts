// Turns a person's verdict on a prediction into a label, checked against the model and the image.
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import * as z from "zod";
import { s3 } from "../aws/s3.ts";
import { Box } from "@sluice/labels/format/sample.ts";
import { clipBox, isEmptyBox } from "@sluice/labels/validate/box.ts";
import { invalidInput, SluiceError } from "../error/error.ts";
import { LabelInput, maxBoxes, maxTextBytes } from "../label/label.ts";
import { validateLabel } from "../label/validate-label.ts";
import { textKey } from "../label/shard.ts";
import { getModel } from "../model/model.ts";
import { fetchObject, storageError } from "../object/fetch.ts";
import { readResult } from "../prediction/document.ts";
import type { Prediction, Source } from "../prediction/prediction.ts";
import { reviewSource } from "./review.ts";

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

/** The label to store. It contains the text of a text object; an image stays in its bucket. */
export async function labelOf(
  prediction: Prediction,
  decision: ReviewedLabel,
  annotator: string,
  now: number,
) {
  const { id, task, source, image } = prediction;
  const label = {
    ...decision,
    annotator,
    source: reviewSource,
    labelledAt: new Date(now).toISOString(),
    extra: { prediction: id },
  };
  if (task === "text-classification") {
    const text = await textOf(source);
    return parseLabel({ ...label, key: textKey(text), text });
  }
  await checkUnchanged(source);
  return parseLabel({ ...label, key: source.key, image });
}

function parseLabel(label: LabelInput): LabelInput {
  const parsed = LabelInput.safeParse(label);
  if (!parsed.success) throw invalidInput(parsed.error);
  return parsed.data;
}

const dismissHint = "The object is gone, so it cannot be labeled: dismiss the review.";

async function textOf(source: Source): Promise<string> {
  if ((source.size ?? 0) > maxTextBytes)
    throw new SluiceError(
      "OBJECT_TOO_LARGE",
      `${source.key} has ${source.size} bytes; a label holds texts of at most ${maxTextBytes}.`,
      {
        hint: "Label a shorter part of it with `npx sluice labels set MODEL - CLASS --text TEXT`, and dismiss this review.",
      },
    );
  const { bytes } = await fetchObject(source, maxTextBytes).catch(addHint);
  return new TextDecoder().decode(bytes);
}

/** A label names its object by key only, so the object must be the one that was predicted. */
async function checkUnchanged({ bucket, key, etag }: Source) {
  await s3()
    .send(new HeadObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag && `"${etag}"` }))
    .catch((error: unknown) => addHint(storageError(error, "s3:GetObject", bucket, key)));
}

function addHint(thrown: unknown): never {
  if (!(thrown instanceof SluiceError)) throw thrown;
  const { code, details, cause } = thrown;
  if (code === "OBJECT_GONE")
    throw new SluiceError(code, `${details["key"]} was deleted since the prediction.`, {
      hint: dismissHint,
      cause,
      details,
    });
  if (code === "OBJECT_CHANGED")
    throw new SluiceError(code, `${details["key"]} was overwritten since the prediction.`, {
      hint: "The new version has its own prediction: review that one, and dismiss this review.",
      cause,
      details,
    });
  throw thrown;
}
