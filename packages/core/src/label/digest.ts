// Compares labels: equal digests are the same label. Merges the details of equal labels.
import { createHash } from "node:crypto";
import { jsonBytes, maxExtraBytes, type LabelInput } from "./label.ts";

/** Boxes are compared to a hundredth of a pixel: formats store them as pixels or as fractions of the image. */
const STEPS_PER_PIXEL = 100;

/** Of class, boxes and text only. */
export function labelDigest({ key, label, boxes, text }: LabelInput): string {
  const placed = boxes?.map((box) =>
    [box.class, ...[box.x, box.y, box.width, box.height].map((at) => Math.round(at * STEPS_PER_PIXEL))].join(
      " ",
    ),
  );
  return createHash("sha256")
    .update(JSON.stringify([key, label ?? null, placed?.toSorted() ?? null, text ?? null]))
    .digest("hex")
    .slice(0, 24);
}

const detailFields = ["boxes", "image", "confidence", "split", "extra"] as const;
type LabelDetails = Pick<LabelInput, (typeof detailFields)[number]>;

/** The details of two equal labels together. `undefined` where the new label adds none. */
export function mergeDetails(
  old: LabelDetails,
  { boxes, image, confidence, split, extra }: LabelInput,
): LabelDetails | undefined {
  const hasBoxDetails = boxes?.some((box) => box.confidence !== undefined || box.extra !== undefined);
  const merged: LabelDetails = {
    boxes: hasBoxDetails ? boxes : old.boxes,
    image: image ?? old.image,
    confidence: confidence ?? old.confidence,
    split: split ?? old.split,
    extra: extra === undefined ? old.extra : mergeExtra(old.extra, extra),
  };
  const canonical = (value: unknown) => JSON.stringify(sortFields(value));
  return detailFields.every((name) => canonical(merged[name]) === canonical(old[name])) ? undefined : merged;
}

/** The old fields alone where both exceed the limit. */
function mergeExtra(old: LabelInput["extra"], added: object) {
  const both = { ...old, ...added };
  return jsonBytes(both) <= maxExtraBytes ? both : old;
}

/** DynamoDB does not preserve the order of a map's fields. */
function sortFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortFields);
  if (typeof value !== "object" || value === null) return value ?? null;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    fields.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => [name, sortFields(field)]),
  );
}
