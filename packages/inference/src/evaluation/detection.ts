// A detector's answers against the true boxes: mean average precision as COCO defines it, precision and recall at the
// confidence the model is used with, and what is taken for what. A number and a few bits are kept of each answer.
import type { Box } from "../image/geometry.ts";
import type { Detection } from "../output/detections.ts";
import { type ClassReport, type Confusion, emptyConfusion, scoresOf } from "./confusion.ts";
import { hits, overlaps, pairs } from "./matching.ts";
import { averagePrecision } from "./precision.ts";

export interface TrueBox extends Box {
  class: string;
}

export interface ClassPrecision {
  class: string;
  /** Absent for a class that no picture holds. */
  at50?: number;
  at50to95?: number;
}

export interface DetectionMetrics {
  meanAveragePrecision: { at50: number; at50to95: number; perClass: ClassPrecision[] };
  /** At `threshold` and an overlap of 0.5. */
  threshold: number;
  precision: number;
  recall: number;
  f1: number;
  perClass: ClassReport[];
  /** The last class is "background": boxes found where nothing is, and boxes missed. */
  confusion: { classes: string[]; rows: Confusion };
  thresholds: { threshold: number; precision: number; recall: number; f1: number }[];
}

export interface DetectionCounts {
  add(truths: TrueBox[], answers: Detection[]): void;
  finish(): DetectionMetrics;
}

const OVERLAPS = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95];
const BACKGROUND = "background";
const STEP = 0.05;

interface Answered {
  confidence: number;
  /** Bit n: it stands for a true box at the n-th overlap. */
  hits: number;
}

export function detectionCounts(classes: string[], threshold: number): DetectionCounts {
  const index = new Map(classes.map((name, at) => [name, at]));
  const answered: Answered[][] = classes.map(() => []);
  const support = classes.map(() => 0);
  const confusion = emptyConfusion(classes.length + 1);

  return {
    add(truths, answers) {
      const sorted = answers.toSorted((left, right) => right.confidence - left.confidence);
      for (const { class: name } of truths) support[index.get(name)!]! += 1;
      for (const [kind, name] of classes.entries()) {
        const own = sorted.filter((answer) => answer.class === name);
        if (own.length === 0) continue;
        const table = overlaps(
          own.map(({ box }) => box),
          truths.filter((truth) => truth.class === name),
        );
        const bits = own.map(() => 0);
        for (const [at, atLeast] of OVERLAPS.entries())
          for (const [answer, hit] of hits(table, atLeast).entries()) if (hit) bits[answer]! |= 1 << at;
        for (const [at, { confidence }] of own.entries())
          answered[kind]!.push({ confidence, hits: bits[at]! });
      }
      confuse(
        confusion,
        index,
        truths,
        sorted.filter(({ confidence }) => confidence >= threshold),
      );
    },
    finish() {
      for (const one of answered) one.sort((left, right) => right.confidence - left.confidence);
      const all = support.reduce((sum, count) => sum + count, 0);
      const at = (limit: number) => {
        const sure = answered.flat().filter(({ confidence }) => confidence >= limit);
        return scoresOf(sure.filter(isHit).length, sure.length, all);
      };
      return {
        meanAveragePrecision: meanOf(classes, answered, support),
        threshold,
        ...at(threshold),
        perClass: classes.map((name, kind) => {
          const sure = answered[kind]!.filter(({ confidence }) => confidence >= threshold);
          return {
            class: name,
            ...scoresOf(sure.filter(isHit).length, sure.length, support[kind]!),
            support: support[kind]!,
          };
        }),
        confusion: { classes: [...classes, BACKGROUND], rows: confusion },
        thresholds: Array.from({ length: 1 / STEP - 1 }, (_, step) => {
          const limit = Math.round((step + 1) * STEP * 100) / 100;
          return { threshold: limit, ...at(limit) };
        }),
      };
    },
  };
}

/** Whether it stands for a true box at the first overlap, 0.5. */
const isHit = ({ hits: bits }: Answered) => (bits & 1) === 1;

function meanOf(classes: string[], answered: Answered[][], support: number[]) {
  const perClass = classes.map((name, kind): ClassPrecision => {
    if (support[kind] === 0) return { class: name };
    const each = OVERLAPS.map((_, at) =>
      averagePrecision(
        answered[kind]!.map((answer) => ((answer.hits >> at) & 1) === 1),
        support[kind]!,
      ),
    );
    return { class: name, at50: each[0]!, at50to95: mean(each) };
  });
  const present = perClass.filter(({ at50 }) => at50 !== undefined);
  return {
    at50: mean(present.map(({ at50 }) => at50!)),
    at50to95: mean(present.map(({ at50to95 }) => at50to95!)),
    perClass,
  };
}

function confuse(
  confusion: Confusion,
  index: Map<string, number>,
  truths: TrueBox[],
  answers: Detection[],
): void {
  const background = confusion.length - 1;
  const found = pairs(
    overlaps(
      answers.map(({ box }) => box),
      truths,
    ),
    OVERLAPS[0]!,
  );
  const kindOf = (name: string) => index.get(name)!;
  for (const [answer, truth] of found)
    confusion[kindOf(truths[truth]!.class)]![kindOf(answers[answer]!.class)]! += 1;
  const answersFound = new Set(found.map(([answer]) => answer));
  const truthsFound = new Set(found.map(([, truth]) => truth));
  for (const [at, answer] of answers.entries())
    if (!answersFound.has(at)) confusion[background]![kindOf(answer.class)]! += 1;
  for (const [at, truth] of truths.entries())
    if (!truthsFound.has(at)) confusion[kindOf(truth.class)]![background]! += 1;
}

const mean = (values: number[]) =>
  values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
