// Each descriptor of a report: before, now, and the size of the change.
import type { Finding } from "@sluice/core/monitor/report.ts";
import { Bar } from "../../component/bar.tsx";
import { Grid } from "../../component/grid.tsx";
import { Panel } from "../../component/panel.tsx";
import { Status } from "../../component/status.tsx";
import { formatPercent, formatPlural } from "../../format/number.ts";

const TESTS: Record<Finding["test"], string> = {
  ks: "Kolmogorov-Smirnov",
  "chi-square": "chi-square",
  classifier: "classifier (AUC)",
  mmd: "kernel (MMD)",
};

export function Findings({ findings }: { findings: readonly Finding[] }) {
  if (findings.length === 0) return null;
  const changed = findings.filter(({ drifted }) => drifted).length;
  const sorted = findings.toSorted((left, right) => strength(right) - strength(left));
  return (
    <Panel
      title="What changed"
      aside={`${formatPlural(changed, "change")} in ${findings.length} comparisons`}
    >
      <Grid
        label="Comparisons with the baseline"
        rows={sorted}
        rowKey={({ name, test }) => `${name} ${test}`}
        columns={[
          { title: "What", cell: ({ name }) => name },
          { title: "Result", cell: ({ drifted }) => <Status of={drifted ? "changed" : "same"} /> },
          { title: "Baseline", cell: ({ baseline }) => formatSummary(baseline) },
          { title: "Now", cell: ({ current }) => formatSummary(current) },
          {
            title: "Effect",
            cell: ({ effect, threshold }) => (
              <span class="shared" title={`threshold ${threshold}`}>
                <Bar share={effect} threshold={threshold} /> {effect.toFixed(2)}
              </span>
            ),
          },
          { title: "Test", cell: ({ test }) => TESTS[test] },
          { title: "p, corrected", number: true, cell: ({ adjustedPValue }) => formatP(adjustedPValue) },
        ]}
      />
    </Panel>
  );
}

/** Above 1 it matters. */
const strength = ({ effect, threshold, drifted }: Finding) => (drifted ? 1 : 0) + effect / threshold / 1_000;

/** "median 120, 80 to 160" for numbers; the largest shares for classes. */
function formatSummary(summary: Finding["baseline"]): string {
  if (!summary) return "";
  const { median, p10, p90 } = summary;
  if (median !== undefined && p10 !== undefined && p90 !== undefined)
    return `${round(median)} (${round(p10)} to ${round(p90)})`;
  return Object.entries(summary)
    .toSorted(([, left], [, right]) => right - left)
    .slice(0, 3)
    .map(([name, share]) => `${name} ${formatPercent(share, 0)}`)
    .join(", ");
}

const round = (value: number) => Number(value.toPrecision(3));
const formatP = (value: number) => (value < 0.001 ? "< 0.001" : value.toFixed(3));
