// Where the names of boxes have room: inside the image, without covering another name or most of a box.
import type { OverlayBox, Rect, Size } from "./box.ts";
import { Cells, sharedArea } from "./cells.ts";
import { textWidth } from "./text-width.ts";

/** Screen pixels. */
export const NAME = { fontSize: 11, height: 15, padding: 4 };
/** The share of a box that a name may cover. */
const MAX_COVERED = 0.4;

export interface PlacedName extends Rect {
  /** The index of the box. */
  at: number;
  text: string;
}

export const nameWidth = (text: string) => textWidth(text, NAME.fontSize) + 2 * NAME.padding;

/**
 * Places are in screen pixels from the top left corner of the image. `scale`: screen pixels per image pixel. Boxes that
 * are shorter than their name have none.
 */
export function placeNames(boxes: readonly OverlayBox[], scale: number, image: Size): PlacedName[] {
  const onScreen = boxes.map((box) => scaleRect(box, scale));
  const [placed, small] = [new Cells(), new Cells()];
  const maxArea = (Math.max(0, ...boxes.map((box) => nameWidth(box.class))) * NAME.height) / MAX_COVERED;
  for (const box of onScreen) if (box.width * box.height <= maxArea) small.add(box);
  const bounds = { x: 0, y: 0, width: image.width * scale, height: image.height * scale };
  const names: PlacedName[] = [];
  for (const at of byArea(onScreen)) {
    const [box, text] = [onScreen[at]!, boxes[at]!.class];
    const size = { width: nameWidth(text), height: NAME.height };
    if (Math.max(box.width, box.height) < size.width) continue;
    const free = placesOf(box, size).find(
      (place) =>
        isInside(place, bounds) &&
        !placed.some(place, (name) => sharedArea(name, place) > 0) &&
        !small.some(place, (other) => sharedArea(other, place) > MAX_COVERED * other.width * other.height),
    );
    if (!free) continue;
    placed.add(free);
    names.push({ ...free, at, text });
  }
  return names;
}

/** Where a name is shown that must be shown: above its box, or else at the nearest place in the image. */
export function forceName(box: Rect, text: string, scale: number, image: Size): Rect {
  const { x, y } = scaleRect(box, scale);
  const width = nameWidth(text);
  return {
    x: Math.max(0, Math.min(x, image.width * scale - width)),
    y: Math.max(0, y - NAME.height - 3),
    width,
    height: NAME.height,
  };
}

/** The best place first. */
function placesOf({ x, y, width, height }: Rect, name: Size): Rect[] {
  const [above, below] = [y - name.height, y + height];
  const [right, lowest] = [x + width - name.width, y + height - name.height];
  const inside = [
    { x, y },
    { x: right, y },
    { x, y: lowest },
    { x: right, y: lowest },
  ];
  const outside = [
    { x, y: above },
    { x, y: below },
    { x: right, y: above },
    { x: right, y: below },
    { x: x + width, y },
    { x: x - name.width, y },
  ];
  const roomy = width >= name.width && height >= 2 * name.height;
  return [...(roomy ? inside : outside), ...(roomy ? outside : [])].map((place) => ({ ...place, ...name }));
}

const isInside = (rect: Rect, { width, height }: Size) =>
  rect.x >= 0 && rect.y >= 0 && rect.x + rect.width <= width && rect.y + rect.height <= height;

/** Large boxes first: they have the most room for a name. */
const byArea = (rects: readonly Rect[]) =>
  [...rects.keys()].toSorted(
    (one, other) =>
      rects[other]!.width * rects[other]!.height - rects[one]!.width * rects[one]!.height || one - other,
  );

const scaleRect = ({ x, y, width, height }: Rect, scale: number): Rect => ({
  x: x * scale,
  y: y * scale,
  width: width * scale,
  height: height * scale,
});
