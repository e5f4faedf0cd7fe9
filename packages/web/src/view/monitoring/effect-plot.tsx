// The effect of each descriptor over time, beside its threshold.
import type { DriftReport, Finding } from "@sluice/core/monitor/report.ts";
import { Panel } from "../../component/panel.tsx";
import { Select } from "../../component/select.tsx";
import { Plot } from "../../plot/plot.tsx";
import { changeQuery, currentRoute } from "../../route/route.ts";

export function EffectPlot({ reports }: { reports: readonly DriftReport[] }) {
  const compared = reports.filter(({ findings }) => findings.length > 0).toReversed();
  const latest = compared.at(-1);
  if (compared.length < 2 || !latest) return null;
  const names = [...new Set(latest.findings.map(({ name }) => name))];
  const wanted = currentRoute.value.query.get("descriptor") ?? "";
  const name = names.includes(wanted) ? wanted : strongest(latest.findings).name;
  const of = ({ findings }: DriftReport) => findings.find((finding) => finding.name === name);
  return (
    <Panel
      title="Drift over time"
      aside={
        <label>
          Descriptor{" "}
          <Select value={name} options={names} change={(descriptor) => changeQuery({ descriptor })} />
        </label>
      }
    >
      <Plot
        label={`Effect of ${name} in each report, with its threshold`}
        x={compared.map(({ to }) => Date.parse(to))}
        series={[
          { name: "effect", values: compared.map((one) => of(one)?.effect ?? null), color: "accent" },
          {
            name: "drift",
            values: compared.map((one) => (of(one)?.drifted ? of(one)!.effect : null)),
            color: "bad",
            points: true,
          },
        ]}
        yRange={[0, 1]}
        yText={(value) => value.toFixed(1)}
        threshold={latest.findings.find((finding) => finding.name === name)?.threshold}
      />
    </Panel>
  );
}

const strongest = (findings: readonly Finding[]) =>
  findings.reduce((most, one) => (one.effect / one.threshold > most.effect / most.threshold ? one : most));
