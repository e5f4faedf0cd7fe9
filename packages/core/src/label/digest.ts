// When two labels say the same, and what else they say.
import { createHash } from "node:crypto";
import { jsonBytes, longestExtraBytes, type Said } from "./label.ts";

/** Formats write boxes as shares of the picture or as pixels: what is nearer than this many to a pixel is one place. */
const PER_PIXEL = 100;

/** Of the class, the boxes and the text alone: all else makes no other label of it. */
export function digestOf({ key, label, boxes, text }: Said): string {
  const placed = boxes?.map((box) =>
    [box.class, ...[box.x, box.y, box.width, box.height].map((at) => Math.round(at * PER_PIXEL))].join(" "),
  );
  return createHash("sha256")
    .update(JSON.stringify([key, label ?? null, placed?.toSorted() ?? null, text ?? null]))
    .digest("hex")
    .slice(0, 24);
}

const aside = ["boxes", "image", "confidence", "split", "extra"] as const;
type Aside = { [name in (typeof aside)[number]]?: unknown };

/** The same label, said again: what it adds, with what stood there. Nothing where it adds nothing. */
export function enriched(old: Aside, { boxes, image, confidence, split, extra }: Said): Aside | undefined {
  const detailed = boxes?.some((box) => box.confidence !== undefined || box.extra !== undefined);
  const all: Aside = {
    boxes: detailed ? boxes : old.boxes,
    image: image ?? old.image,
    confidence: confidence ?? old.confidence,
    split: split ?? old.split,
    extra: extra === undefined ? old.extra : joined(old.extra, extra),
  };
  const same = aside.every((name) => JSON.stringify(sorted(all[name])) === JSON.stringify(sorted(old[name])));
  return same ? undefined : all;
}

/** Both, as long as a label can hold them. */
function joined(old: unknown, added: object): unknown {
  const both = { ...(old as object | undefined), ...added };
  return jsonBytes(both) <= longestExtraBytes ? both : old;
}

/** DynamoDB gives a map's fields back in an order of its own. */
function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value ?? null;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    fields.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => [name, sorted(field)]),
  );
}
