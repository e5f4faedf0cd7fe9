import type { WindowData } from "./window.ts";

/** Later windows of a version are compared with it. */
export interface Baseline {
  format: 1;
  model: string;
  version: string;
  /** The held-out items of its evaluation, or its first captured predictions. */
  source: "evaluation" | "captured";
  /** Fitted on labeled items; 1 without. */
  temperature: number;
  /** On the held-out items, if they are labeled. */
  measured?: { metric: "accuracy" | "precision"; value: number; count: number };
  window: WindowData;
}
