// Calibration: of the predictions with confidence 0.8, eight in ten should be right.

const BINS = 10;
/** Of the threshold curve: 0, 0.01 ... 1. */
const STEPS = 100;

/** Stores counts only: memory does not depend on the number of predictions. */
export function calibrationCounts() {
  const bins = Array.from({ length: BINS }, () => ({ count: 0, sum: 0, right: 0 }));
  const steps = Array.from({ length: STEPS + 1 }, () => ({ count: 0, right: 0 }));
  return {
    add(confidence: number, right: boolean) {
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
    /** The bins, and the expected calibration error: the mean gap between confidence and accuracy. */
    calibration() {
      const all = bins.reduce((sum, { count }) => sum + count, 0);
      const shaped = bins.map(({ count, sum, right }, at) => ({
        from: at / BINS,
        to: (at + 1) / BINS,
        count,
        // The means of an empty bin are 0.
        confidence: count === 0 ? 0 : sum / count,
        accuracy: count === 0 ? 0 : right / count,
      }));
      const gaps = shaped.map(({ count, confidence, accuracy }) => count * Math.abs(confidence - accuracy));
      return { ece: all === 0 ? 0 : gaps.reduce((sum, gap) => sum + gap, 0) / all, bins: shaped };
    },
    /** Accuracy of the predictions at or above each threshold, and their share of all. */
    curve() {
      const all = steps.reduce((sum, { count }) => sum + count, 0);
      let count = 0;
      let right = 0;
      const points = steps.map((_, back) => {
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
