// Collects features in one growing block, and the items that were skipped.
import type { Matrix } from "./head.ts";

export interface Unreadable {
  name: string;
  reason: string;
}

export interface FeatureRows extends Matrix {
  unreadable: Unreadable[];
}

export function createRows() {
  const labels: number[] = [];
  const unreadable: Unreadable[] = [];
  let values = new Float32Array(0);
  let used = 0;
  return {
    add(features: Float32Array, kinds: number[]) {
      if (used + features.length > values.length) {
        const grown = new Float32Array(Math.max(used + features.length, values.length * 2));
        grown.set(values.subarray(0, used));
        values = grown;
      }
      values.set(features, used);
      used += features.length;
      labels.push(...kinds);
    },
    skip(name: string, error: unknown) {
      const missing = (error as NodeJS.ErrnoException).code === "ENOENT";
      unreadable.push({ name, reason: missing ? "The file is missing." : (error as Error).message });
    },
    finish: (): FeatureRows => ({
      columns: labels.length === 0 ? 0 : used / labels.length,
      values: values.subarray(0, used),
      labels,
      unreadable,
    }),
  };
}
