// The metrics of an evaluation that versions are compared by. All but `ece` are better when higher.
import type { Scores } from "./evaluation.ts";

export function metricsOf(found: Scores): Record<string, number> {
  const { accuracy, perClass, calibration, meanAveragePrecision } = found;
  const supported = perClass.filter(({ support }) => support > 0);
  const macro = (of: "precision" | "recall" | "f1") =>
    supported.length === 0 ? undefined : supported.reduce((sum, one) => sum + one[of], 0) / supported.length;
  const all = {
    samples: found.samples,
    accuracy,
    macroPrecision: macro("precision"),
    macroRecall: macro("recall"),
    macroF1: macro("f1"),
    ece: calibration?.ece,
    mAP50: meanAveragePrecision?.at50,
    mAP50to95: meanAveragePrecision?.at50to95,
  };
  return Object.fromEntries(
    Object.entries(all).filter((entry): entry is [string, number] => entry[1] !== undefined),
  );
}
