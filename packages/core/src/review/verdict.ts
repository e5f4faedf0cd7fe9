// What a person's verdict makes of a prediction: the label it becomes, checked against the model and the picture.
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import * as z from "zod";
import { s3 } from "../aws/s3.ts";
import { Box } from "@sluice/labels/format/labelled.ts";
import { fitted, isFlat } from "@sluice/labels/validate/box.ts";
import { invalidInput, SluiceError } from "../error/error.ts";
import { longestTextBytes, mostBoxes, Said } from "../label/label.ts";
import { misfit } from "../label/misfit.ts";
import { textKey } from "../label/shard.ts";
import { model as modelNamed } from "../model/model.ts";
import { fetchObject, storageError } from "../object/fetch.ts";
import { resultOf } from "../prediction/document.ts";
import type { Prediction, Source } from "../prediction/prediction.ts";

const Place = Box.pick({ class: true, x: true, y: true, width: true, height: true });

/** Exactly one of them. */
export const Verdict = z
  .object({
    /** The right class, for a classifier. */
    label: z.string().min(1).max(100).optional(),
    /** The right boxes, for a detector: pixels of the picture, from its top left corner. None where nothing is there. */
    boxes: z.array(Place).max(mostBoxes).optional(),
    /** The prediction is right as it is. */
    agree: z.literal(true).optional(),
    /** Nothing can be learned from it. */
    dismiss: z.literal(true).optional(),
  })
  .refine(
    (verdict) => Object.values(verdict).filter((said) => said !== undefined).length === 1,
    "say one of label, boxes, agree and dismiss",
  );
export type Verdict = z.output<typeof Verdict>;
export type Decided = Pick<Said, "label" | "boxes">;

/** The class or the boxes that a verdict says. */
export async function decided(prediction: Prediction, { label, boxes, agree }: Verdict): Promise<Decided> {
  const said = agree ? await found(prediction) : { label, boxes };
  const wrong = misfit(modelNamed(prediction.model), said);
  if (wrong) throw new SluiceError("INPUT_INVALID", `${boxes ? "boxes" : "label"}: ${wrong.message}.`);
  return said.boxes
    ? { ...said, boxes: said.boxes.map((box, index) => placed(box, index, prediction)) }
    : said;
}

/** What the model itself said; of a detector what reached its threshold, as the result shows it. */
async function found(prediction: Prediction): Promise<Decided> {
  if (prediction.task !== "object-detection") return { label: prediction.summary?.class };
  const result = await resultOf(prediction);
  if (result.task !== "object-detection") return {};
  return { boxes: result.detections.map(({ class: name, box }) => ({ class: name, ...box })) };
}

/** As the label keeps it. */
function placed(box: z.output<typeof Place>, index: number, { image }: Prediction) {
  const refuse = (why: string): never => {
    throw new SluiceError("INPUT_INVALID", `boxes.${index} (${box.class}): ${why}.`, { details: { box } });
  };
  if (isFlat(box)) return refuse(`it is ${box.width} by ${box.height} pixels`);
  if (!image) return box;
  return (
    fitted(box, image) ?? refuse(`it lies outside the picture of ${image.width} by ${image.height} pixels`)
  );
}

/** Where a label made by a verdict says that it came from. */
export const reviewSource = "review";

/** The label of it, as any other label of the model says it. A text goes into its label, a picture stays where it is. */
export async function labelOf(prediction: Prediction, decision: Decided, annotator: string, now: number) {
  const { id, task, source, image } = prediction;
  const said = {
    ...decision,
    annotator,
    source: reviewSource,
    labelledAt: new Date(now).toISOString(),
    extra: { prediction: id },
  };
  if (task === "text-classification") {
    const text = await textOf(source);
    return checked({ ...said, key: textKey(text), text });
  }
  await checkThere(source);
  return checked({ ...said, key: source.key, image });
}

function checked(said: Said): Said {
  const parsed = Said.safeParse(said);
  if (!parsed.success) throw invalidInput(parsed.error);
  return parsed.data;
}

const dismissHint = "There is nothing left to learn from: dismiss it.";

async function textOf(source: Source): Promise<string> {
  if ((source.size ?? 0) > longestTextBytes)
    throw new SluiceError(
      "OBJECT_TOO_LARGE",
      `${source.key} has ${source.size} bytes; a label keeps texts of up to ${longestTextBytes}.`,
      { hint: "Label a shorter part of it with `sluice labels set`, and dismiss this one." },
    );
  const { bytes } = await fetchObject(source, longestTextBytes).catch(hinted);
  return new TextDecoder().decode(bytes);
}

/** A label names its object by the key alone: what lies there now must be what was looked at. */
async function checkThere({ bucket, key, etag }: Source) {
  await s3()
    .send(new HeadObjectCommand({ Bucket: bucket, Key: key, IfMatch: etag && `"${etag}"` }))
    .catch((error: unknown) => hinted(storageError(error, "s3:GetObject", bucket, key)));
}

function hinted(thrown: unknown): never {
  if (!(thrown instanceof SluiceError)) throw thrown;
  const { code, details, cause } = thrown;
  if (code === "OBJECT_GONE")
    throw new SluiceError(code, `${details["key"]} was deleted since it was predicted on.`, {
      hint: dismissHint,
      cause,
      details,
    });
  if (code === "OBJECT_CHANGED")
    throw new SluiceError(code, `${details["key"]} was overwritten since it was predicted on.`, {
      hint: "Its newer version has its own prediction: review that one, and dismiss this.",
      cause,
      details,
    });
  throw thrown;
}
