// The figures of an A/B report as text.
import type { FigureName, Row } from "@sluice/core/comparison/comparison.ts";
import { formatDollars, formatPercent } from "../../format/number.ts";
import { formatDuration } from "../../format/time.ts";

interface Format {
  title: string;
  format(value: number): string;
  /** Of a difference of shares. */
  unit?: string;
}

const share = (title: string): Format => ({
  title,
  format: (value) => formatPercent(value),
  unit: "points",
});

export const FIGURES: Record<FigureName, Format> = {
  accuracy: share("Accuracy"),
  confidence: share("Mean confidence"),
  aboveThreshold: share("Above threshold"),
  failureRate: share("Failed"),
  p50: { title: "Duration, median", format: formatDuration },
  p95: { title: "Duration, p95", format: formatDuration },
  costPer1000: { title: "Cost per 1,000", format: formatDollars },
};

/** "-2.1 points", "+40 ms" */
export function formatChange(name: FigureName, value: number): string {
  const { format, unit } = FIGURES[name];
  const sign = value < 0 ? "−" : value > 0 ? "+" : "";
  const size = Math.abs(value);
  return sign + (unit ? `${(size * 100).toFixed(1)} ${unit}` : format(size));
}

/** The range of both intervals, so that their bars are comparable. */
export function scaleOf({ current, candidate }: Row): { from: number; to: number } {
  const all = [current, candidate].flatMap((figure) => (figure ? [figure.low, figure.high] : []));
  return { from: Math.min(...all), to: Math.max(...all) };
}
