// Calibration: of the predictions with confidence 0.8, eight in ten should be right.

export interface Bin {
  from: number;
  to: number;
  count: number;
  /** Mean confidence of its predictions, and the share that is right; both 0 in an empty bin. */
  confidence: number;
  accuracy: number;
}

export interface Calibration {
  /** Expected calibration error: the mean gap between confidence and accuracy. */
  ece: number;
  bins: Bin[];
}

/** Accuracy of the predictions at or above a confidence, and their share of all. */
export interface ThresholdPoint {
  threshold: number;
  coverage: number;
  accuracy: number;
}

const BINS = 10;
/** Of the threshold curve: 0, 0.01 ... 1. */
const STEPS = 100;

export interface CalibrationCounts {
  add(confidence: number, right: boolean): void;
  calibration(): Calibration;
  curve(): ThresholdPoint[];
}

/** Stores counts only: memory does not depend on the number of predictions. */
export function calibrationCounts(): CalibrationCounts {
  const bins = Array.from({ length: BINS }, () => ({ count: 0, sum: 0, right: 0 }));
  const steps = Array.from({ length: STEPS + 1 }, () => ({ count: 0, right: 0 }));
  return {
    add(confidence, right) {
      const bin = bins[Math.min(Math.floor(confidence * BINS), BINS - 1)]!;
      bin.count++;
      bin.sum += confidence;
      bin.right += Number(right);
      // The highest step at or below the confidence. The loop corrects rounding: 0.29 * 100 is 28.999...
      let step = Math.min(Math.ceil(confidence * STEPS), STEPS);
      while (step / STEPS > confidence) step--;
      steps[step]!.count++;
      steps[step]!.right += Number(right);
    },
    calibration() {
      const all = bins.reduce((sum, { count }) => sum + count, 0);
      const shaped = bins.map(({ count, sum, right }, at) => ({
        from: at / BINS,
        to: (at + 1) / BINS,
        count,
        confidence: count === 0 ? 0 : sum / count,
        accuracy: count === 0 ? 0 : right / count,
      }));
      const gaps = shaped.map(({ count, confidence, accuracy }) => count * Math.abs(confidence - accuracy));
      return { ece: all === 0 ? 0 : gaps.reduce((sum, gap) => sum + gap, 0) / all, bins: shaped };
    },
    curve() {
      const all = steps.reduce((sum, { count }) => sum + count, 0);
      let count = 0;
      let right = 0;
      const points = steps.map((_, back): ThresholdPoint => {
        const at = STEPS - back;
        count += steps[at]!.count;
        right += steps[at]!.right;
        return {
          threshold: at / STEPS,
          coverage: all === 0 ? 0 : count / all,
          // Without predictions none is wrong.
          accuracy: count === 0 ? 1 : right / count,
        };
      });
      return points.reverse();
    },
  };
}
