// Compares detections with true boxes: mean average precision as COCO defines it, precision and recall at the model's threshold,
// and the confusion matrix. It stores a number and a few bits for each detection.
import type { Box } from "../image/geometry.ts";
import type { Detection } from "../output/detections.ts";
import { computeScores, emptyConfusion } from "./confusion.ts";
import { findHits, findPairs, overlapTable } from "./matching.ts";
import { averagePrecision } from "./precision.ts";

export interface TrueBox extends Box {
  class: string;
}

interface ClassPrecision {
  class: string;
  /** Absent for a class without true boxes. */
  at50?: number;
  at50to95?: number;
}

const OVERLAPS = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];
const BACKGROUND = "background";
const STEP = 0.05;

interface CountedDetection {
  confidence: number;
  /** Bit n: it matches a true box at the n-th overlap. */
  hits: number;
}

export function detectionCounts(classes: string[], threshold: number) {
  const indices = new Map(classes.map((name, index) => [name, index]));
  const counted: CountedDetection[][] = classes.map(() => []);
  const support = classes.map(() => 0);
  const confusion = emptyConfusion(classes.length + 1);

  return {
    add(truths: TrueBox[], detections: Detection[]) {
      const sorted = detections.toSorted((left, right) => right.confidence - left.confidence);
      for (const { class: name } of truths) support[indices.get(name)!]! += 1;
      for (const [index, name] of classes.entries())
        counted[index]!.push(
          ...countHits(
            sorted.filter((detection) => detection.class === name),
            truths.filter((truth) => truth.class === name),
          ),
        );
      const above = sorted.filter(({ confidence }) => confidence >= threshold);
      for (const [label, predicted] of confusedPairs(truths, above, indices))
        confusion[label]![predicted]! += 1;
    },
    finish() {
      const sorted = counted.map((some) =>
        some.toSorted((left, right) => right.confidence - left.confidence),
      );
      const all = support.reduce((sum, count) => sum + count, 0);
      return {
        meanAveragePrecision: meanAveragePrecision(classes, sorted, support),
        // At `threshold` and an overlap of 0.5.
        threshold,
        ...scoresAbove(threshold, sorted.flat(), all),
        perClass: classes.map((name, index) => ({
          class: name,
          ...scoresAbove(threshold, sorted[index]!, support[index]!),
          support: support[index]!,
        })),
        // The background contains false detections and missed boxes.
        confusion: { classes: [...classes, BACKGROUND], rows: confusion },
        thresholds: Array.from({ length: 1 / STEP - 1 }, (_, step) => {
          const limit = Math.round((step + 1) * STEP * 100) / 100;
          return { threshold: limit, ...scoresAbove(limit, sorted.flat(), all) };
        }),
      };
    },
  };
}

/** Detections and boxes of one class in one image. */
function countHits(detections: Detection[], truths: TrueBox[]): CountedDetection[] {
  const table = overlapTable(
    detections.map(({ box }) => box),
    truths,
  );
  const hitsByOverlap = OVERLAPS.map((minimum) => findHits(table, minimum));
  return detections.map(({ confidence }, index) => ({
    confidence,
    hits: hitsByOverlap.reduce((bits, hits, bit) => bits | (Number(hits[index]) << bit), 0),
  }));
}

const isHit = ({ hits }: CountedDetection, overlap: number) => ((hits >> overlap) & 1) === 1;

/** At an overlap of 0.5. */
function scoresAbove(limit: number, detections: CountedDetection[], support: number) {
  const above = detections.filter(({ confidence }) => confidence >= limit);
  return computeScores(above.filter((detection) => isHit(detection, 0)).length, above.length, support);
}

function meanAveragePrecision(classes: string[], detections: CountedDetection[][], support: number[]) {
  const perClass = classes.map((name, index): ClassPrecision => {
    if (support[index] === 0) return { class: name };
    const byOverlap = OVERLAPS.map((_, overlap) =>
      averagePrecision(
        detections[index]!.map((detection) => isHit(detection, overlap)),
        support[index]!,
      ),
    );
    return { class: name, at50: byOverlap[0]!, at50to95: mean(byOverlap) };
  });
  const present = perClass.filter(({ at50 }) => at50 !== undefined);
  return {
    at50: mean(present.map(({ at50 }) => at50!)),
    at50to95: mean(present.map(({ at50to95 }) => at50to95!)),
    perClass,
  };
}

/** Pairs of class indices for the confusion matrix; the background's index follows the last class. */
function confusedPairs(
  truths: TrueBox[],
  detections: Detection[],
  indices: Map<string, number>,
): [label: number, predicted: number][] {
  const background = indices.size;
  const indexOf = ({ class: name }: TrueBox | Detection) => indices.get(name)!;
  const table = overlapTable(
    detections.map(({ box }) => box),
    truths,
  );
  const matched = findPairs(table, OVERLAPS[0]!);
  const matchedDetections = new Set(matched.map(([detected]) => detected));
  const matchedTruths = new Set(matched.map(([, truth]) => truth));
  return [
    ...matched.map(([detected, truth]): [number, number] => [
      indexOf(truths[truth]!),
      indexOf(detections[detected]!),
    ]),
    ...detections
      .filter((_, at) => !matchedDetections.has(at))
      .map((detection): [number, number] => [background, indexOf(detection)]),
    ...truths
      .filter((_, at) => !matchedTruths.has(at))
      .map((truth): [number, number] => [indexOf(truth), background]),
  ];
}

const mean = (values: number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
