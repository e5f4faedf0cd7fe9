// Average precision, as COCO defines it.

const RECALLS = 101;

/**
 * The mean, over the recalls 0, 0.01 ... 1, of the best precision at that recall or above. `hits` are the detections of one
 * class from all images, highest confidence first.
 */
export function averagePrecision(hits: boolean[], support: number): number {
  const precisions: number[] = [];
  let right = 0;
  // The precision at each hit.
  for (const [at, hit] of hits.entries()) if (hit) precisions.push(++right / (at + 1));
  for (let at = precisions.length - 2; at >= 0; at--)
    precisions[at] = Math.max(precisions[at]!, precisions[at + 1]!);
  let sum = 0;
  for (let recall = 0; recall < RECALLS; recall++) {
    // In integers: 0.07 * 100 is a little more than 7.
    const needed = Math.max(1, Math.ceil((recall * support) / (RECALLS - 1)));
    sum += precisions[needed - 1] ?? 0;
  }
  return sum / RECALLS;
}
