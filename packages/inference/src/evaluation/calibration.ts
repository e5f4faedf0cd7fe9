// How much a confidence is worth: of the answers given with 0.8, are eight in ten right?

export interface Bin {
  from: number;
  to: number;
  count: number;
  /** Mean confidence of its answers, and the share of them that are right; both 0 in an empty bin. */
  confidence: number;
  accuracy: number;
}

export interface Calibration {
  /** Expected calibration error: the gap between both, averaged over all answers. */
  ece: number;
  bins: Bin[];
}

/** Accuracy among the answers at or above a confidence, and the share of all answers that they are. */
export interface Point {
  threshold: number;
  coverage: number;
  accuracy: number;
}

const BINS = 10;
/** Of the threshold curve: 0, 0.01 ... 1. */
const STEPS = 100;

export interface Confidences {
  add(confidence: number, right: boolean): void;
  calibration(): Calibration;
  curve(): Point[];
}

/** Counts only, so that any number of answers fit. */
export function confidences(): Confidences {
  const bins = Array.from({ length: BINS }, () => ({ count: 0, sum: 0, right: 0 }));
  const steps = Array.from({ length: STEPS + 1 }, () => ({ count: 0, right: 0 }));
  return {
    add(confidence, right) {
      const bin = bins[Math.min(Math.floor(confidence * BINS), BINS - 1)]!;
      bin.count++;
      bin.sum += confidence;
      bin.right += Number(right);
      // The highest step that this confidence still reaches, safe from 0.29 * 100 being 28.999...
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
      const points = steps.map((_, back): Point => {
        const at = STEPS - back;
        count += steps[at]!.count;
        right += steps[at]!.right;
        return {
          threshold: at / STEPS,
          coverage: all === 0 ? 0 : count / all,
          // Of no answers none is wrong.
          accuracy: count === 0 ? 1 : right / count,
        };
      });
      return points.reverse();
    },
  };
}
