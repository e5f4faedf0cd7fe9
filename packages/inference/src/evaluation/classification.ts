// Compares a classifier's predictions with the labels.
import { calibrationCounts } from "./calibration.ts";
import { computeAccuracy, emptyConfusion, classReports } from "./confusion.ts";

export function classificationCounts(classes: string[]) {
  const index = new Map(classes.map((name, at) => [name, at]));
  const rows = emptyConfusion(classes.length);
  const calibration = calibrationCounts();
  return {
    add(label: string, predicted: string, confidence: number) {
      rows[index.get(label)!]![index.get(predicted)!]! += 1;
      calibration.add(confidence, label === predicted);
    },
    finish() {
      const perClass = classReports(rows, classes);
      const present = perClass.filter(({ support }) => support > 0);
      return {
        accuracy: computeAccuracy(rows),
        // Mean over the classes that occur.
        macroF1: present.reduce((sum, { f1 }) => sum + f1, 0) / (present.length || 1),
        perClass,
        confusion: { classes, rows },
        calibration: calibration.calibration(),
        thresholds: calibration.curve(),
      };
    },
  };
}
