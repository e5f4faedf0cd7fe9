// Prints the A/B report of two versions.
import type { Comparison, Figure, FigureName, Row, StepReport } from "@sluice/core/comparison/comparison.ts";
import { paint, print, printNote, printTable } from "../terminal/output.ts";

type Difference = NonNullable<Row["difference"]>;

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
const points = (share: number) => `${signOf(share)}${(share * 100).toFixed(1)}`;
const ms = (value: number) => `${Math.round(value)} ms`;
const dollars = (value: number) => `$${value.toFixed(4)}`;
const signOf = (value: number) => (value > 0 ? "+" : "");

const SHARE = { format: percent, change: points, unit: " points" };
const TIME = { format: ms, change: (value: number) => `${signOf(value)}${Math.round(value)}`, unit: " ms" };
const FIGURES: Record<
  FigureName,
  { title: string; format(value: number): string; change(value: number): string; unit: string }
> = {
  accuracy: { title: "accuracy", ...SHARE },
  confidence: { title: "mean confidence", ...SHARE },
  aboveThreshold: { title: "above threshold", ...SHARE },
  failureRate: { title: "failed", ...SHARE },
  p50: { title: "p50", ...TIME },
  p95: { title: "p95", ...TIME },
  costPer1000: {
    title: "cost per 1,000",
    format: dollars,
    change: (value) => `${signOf(value)}${value.toFixed(4)}`,
    unit: " $",
  },
};

const DECISION_STYLE = { shift: "green", keep: "yellow", wait: "cyan" } as const;

export function printReport(report: Comparison, steps: StepReport[]): void {
  const { from, to, current, candidate, rows, agreement, recommendation, notes } = report;
  printNote(paint("dim", `predictions of uploads from ${from} to ${to}`));
  if (rows.length > 0)
    printTable(
      [
        { title: "predictions", current: current?.predictions, candidate: candidate?.predictions },
        { title: "judged", current: current?.judged, candidate: candidate?.judged },
        ...rows.map(toCells),
      ],
      [
        { title: "", value: (row) => row.title },
        { title: current?.version ?? "current", value: (row) => row.current?.toString() },
        { title: candidate?.version ?? "candidate", value: (row) => row.candidate?.toString() },
        { title: "difference", value: (row) => ("difference" in row ? row.difference : undefined) },
      ],
    );
  if (agreement)
    print(`equal results for ${formatFigure(agreement, percent)} of ${agreement.count} equal files`);
  for (const note of notes) printNote(note);
  for (const { share, decision, explanation } of steps) print(`at ${share} %: ${decision}: ${explanation}`);
  print(
    `${paint(DECISION_STYLE[recommendation.decision], recommendation.decision)}: ${recommendation.explanation}`,
  );
}

function toCells({ name, current, candidate, difference }: Row) {
  const { title, format, change, unit } = FIGURES[name];
  return {
    title,
    current: current && formatFigure(current, format),
    candidate: candidate && formatFigure(candidate, format),
    difference: difference && formatDifference(difference, change, unit),
  };
}

/** "98.2 % (97.1 % to 99.0 %)" */
const formatFigure = ({ value, low, high }: Figure, format: (value: number) => string) =>
  `${format(value)} (${format(low)} to ${format(high)})`;

const formatDifference = (
  { value, low, high }: Difference,
  change: (value: number) => string,
  unit: string,
) => `${change(value)}${unit} (${change(low)} to ${change(high)})`;
