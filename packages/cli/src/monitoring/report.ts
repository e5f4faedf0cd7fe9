import type { DriftReport } from "@sluice/core/monitor/report.ts";
import { paint, print, printTable, sanitize } from "../terminal/output.ts";

export const REPORT_STYLE = { ok: "green", drift: "red", insufficient: "dim" } as const;

type Finding = DriftReport["findings"][number];

export function showReport(report: DriftReport): void {
  const { id, status, reason, count, from, to, modelVersion, otherVersions, findings, harmUnknown } = report;
  print(`${paint(REPORT_STYLE[status], status)}  ${sanitize(reason)}`);
  print(`report     ${id}`);
  print(`window     ${from} to ${to}: ${count} predictions of version ${modelVersion}`);
  const others = Object.entries(otherVersions).map(([version, number]) => `${version}: ${number}`);
  if (others.length > 0) print(`others     not compared: ${sanitize(others.join(", "))}`);
  if (report.malformed > 0) print(`malformed  ${report.malformed} lines are no captures`);
  const harm = formatHarm(report);
  if (harm) print(`estimate   ${harm}`);
  if (harmUnknown) print(`doubt      ${sanitize(harmUnknown)}`);
  if (findings.length === 0) return;
  print();
  printTable(byEffect(findings), [
    { title: "name", value: (row) => row.name },
    { title: "test", value: (row) => row.test },
    { title: "effect", value: (row) => round(row.effect) },
    { title: "threshold", value: (row) => round(row.threshold) },
    { title: "p-value", value: (row) => round(row.adjustedPValue) },
    { title: "baseline", value: (row) => formatSummary(row.baseline) },
    { title: "window", value: (row) => formatSummary(row.current) },
    {
      title: "drift",
      value: (row) => (row.drifted ? "yes" : "no"),
      style: (row) => (row.drifted ? "red" : undefined),
    },
  ]);
  const examples = report.examples?.window.slice(0, 3) ?? [];
  if (examples.length > 0) print(`most changed: ${sanitize(examples.join(", "))}`);
}

/** "accuracy 81.0 % (78.2 to 83.8 %), 94.0 % at evaluation" */
export function formatHarm({ harm }: Pick<DriftReport, "harm">): string | undefined {
  if (!harm) return undefined;
  const before = harm.baseline === undefined ? "" : `, ${percent(harm.baseline)} % at evaluation`;
  return `${harm.metric} ${percent(harm.estimated)} % (${percent(harm.low)} to ${percent(harm.high)} %)${before}`;
}

const byEffect = (findings: Finding[]) =>
  findings.toSorted((left, right) => right.effect / right.threshold - left.effect / left.threshold);

const percent = (share: number) => (share * 100).toFixed(1);
const round = (value: number) => Number(value.toPrecision(3));

/** The median of numbers, or the largest share of categories. */
function formatSummary(summary: Finding["baseline"]): string | undefined {
  if (!summary) return undefined;
  const { median } = summary;
  if (median !== undefined) return `median ${round(median)}`;
  const [largest] = Object.entries(summary).sort(([, left], [, right]) => right - left);
  return largest && `${largest[0]} ${percent(largest[1])} %`;
}
