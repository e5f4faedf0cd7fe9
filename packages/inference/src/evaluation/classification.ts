// Compares a classifier's predictions with the labels.
import { type Calibration, type ThresholdPoint, calibrationCounts } from "./calibration.ts";
import {
  type ClassReport,
  type Confusion,
  computeAccuracy,
  emptyConfusion,
  classReports,
} from "./confusion.ts";

export interface ClassificationMetrics {
  accuracy: number;
  /** Mean over the classes that occur. */
  macroF1: number;
  perClass: ClassReport[];
  confusion: { classes: string[]; rows: Confusion };
  calibration: Calibration;
  thresholds: ThresholdPoint[];
}

export interface ClassificationCounts {
  add(label: string, predicted: string, confidence: number): void;
  finish(): ClassificationMetrics;
}

export function classificationCounts(classes: string[]): ClassificationCounts {
  const index = new Map(classes.map((name, at) => [name, at]));
  const rows = emptyConfusion(classes.length);
  const calibration = calibrationCounts();
  return {
    add(label, predicted, confidence) {
      rows[index.get(label)!]![index.get(predicted)!]! += 1;
      calibration.add(confidence, label === predicted);
    },
    finish() {
      const perClass = classReports(rows, classes);
      const present = perClass.filter(({ support }) => support > 0);
      return {
        accuracy: computeAccuracy(rows),
        macroF1: present.reduce((sum, { f1 }) => sum + f1, 0) / (present.length || 1),
        perClass,
        confusion: { classes, rows },
        calibration: calibration.calibration(),
        thresholds: calibration.curve(),
      };
    },
  };
}
