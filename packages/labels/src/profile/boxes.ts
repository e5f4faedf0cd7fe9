import type { Box, Size } from "../format/sample.ts";
import { distributionCollector } from "./distribution.ts";
import type { BoxProfile } from "./schema.ts";

const GRID = 16;
const OVERLAP = 0.5;
const MAX_LISTED = 20;
/** Boxes compared in an image: the number of pairs is quadratic. */
const MAX_COMPARED = 500;

export function boxProfile() {
  const [perImage, areaShare, aspect] = [
    distributionCollector(),
    distributionCollector(),
    distributionCollector(),
  ];
  const classes = new Map<string, { boxes: number; images: number; area: number; measured: number }>();
  const centres = Array.from({ length: GRID }, () => Array.from({ length: GRID }, () => 0));
  const overlaps = { pairs: 0, images: 0, shown: [] as string[] };
  let [total, images, empty] = [0, 0, 0];

  const one = (box: Box, image: Size | undefined) => {
    const counts = classes.get(box.class)!;
    counts.boxes += 1;
    if (!(box.width > 0 && box.height > 0)) return;
    aspect.add(box.width / box.height);
    if (!image) return;
    const share = (box.width * box.height) / (image.width * image.height);
    areaShare.add(share);
    counts.area += share;
    counts.measured += 1;
    const [x, y] = [(box.x + box.width / 2) / image.width, (box.y + box.height / 2) / image.height];
    if (x >= 0 && x <= 1 && y >= 0 && y <= 1) centres[cell(y)]![cell(x)]! += 1;
  };
  return {
    add(file: string, boxes: readonly Box[], image: Size | undefined) {
      perImage.add(boxes.length);
      total += boxes.length;
      if (boxes.length > 0) images += 1;
      else empty += 1;
      for (const name of new Set(boxes.map((box) => box.class))) {
        const before = classes.get(name) ?? { boxes: 0, images: 0, area: 0, measured: 0 };
        classes.set(name, { ...before, images: before.images + 1 });
      }
      for (const box of boxes) one(box, image);
      const pairs = overlapping(boxes.slice(0, MAX_COMPARED));
      if (pairs === 0) return;
      overlaps.pairs += pairs;
      overlaps.images += 1;
      if (overlaps.shown.length < MAX_LISTED) overlaps.shown.push(file);
    },
    done: (): BoxProfile => ({
      total,
      images,
      empty,
      perImage: perImage.distribution(),
      areaShare: areaShare.distribution(),
      aspect: aspect.distribution(),
      classes: [...classes]
        .map(([name, { boxes, images: shownIn, area, measured }]) => ({
          class: name,
          boxes,
          images: shownIn,
          ...(measured > 0 && { meanAreaShare: area / measured }),
        }))
        .toSorted((a, b) => b.boxes - a.boxes || (a.class < b.class ? -1 : 1)),
      centres,
      overlaps,
    }),
  };
}

const cell = (share: number) => Math.min(GRID - 1, Math.floor(share * GRID));

function overlapping(boxes: readonly Box[]): number {
  let pairs = 0;
  for (const [index, a] of boxes.entries())
    for (const b of boxes.slice(index + 1)) if (intersectionOverUnion(a, b) >= OVERLAP) pairs += 1;
  return pairs;
}

function intersectionOverUnion(a: Box, b: Box): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / (a.width * a.height + b.width * b.height - width * height);
}
