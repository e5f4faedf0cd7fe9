// A classifier's answers against the truth, counted one by one.
import { type Calibration, type Point, confidences } from "./calibration.ts";
import { type ClassReport, type Confusion, accuracyOf, emptyConfusion, reportOf } from "./confusion.ts";

export interface ClassificationMetrics {
  accuracy: number;
  /** The mean over the classes that occur: a rare class counts as much as a frequent one. */
  macroF1: number;
  perClass: ClassReport[];
  confusion: { classes: string[]; rows: Confusion };
  calibration: Calibration;
  thresholds: Point[];
}

export interface ClassificationCounts {
  add(truth: string, answer: string, confidence: number): void;
  finish(): ClassificationMetrics;
}

export function classificationCounts(classes: string[]): ClassificationCounts {
  const index = new Map(classes.map((name, at) => [name, at]));
  const rows = emptyConfusion(classes.length);
  const sure = confidences();
  return {
    add(truth, answer, confidence) {
      rows[index.get(truth)!]![index.get(answer)!]! += 1;
      sure.add(confidence, truth === answer);
    },
    finish() {
      const perClass = reportOf(rows, classes);
      const present = perClass.filter(({ support }) => support > 0);
      return {
        accuracy: accuracyOf(rows),
        macroF1: present.reduce((sum, { f1 }) => sum + f1, 0) / (present.length || 1),
        perClass,
        confusion: { classes, rows },
        calibration: sure.calibration(),
        thresholds: sure.curve(),
      };
    },
  };
}
