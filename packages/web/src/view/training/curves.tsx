// Metrics of a run by epoch: losses in one plot, shares in another.
import { api, readBody } from "../../api/client.ts";
import { useResource } from "../../api/resource.ts";
import { Loaded } from "../../component/notes.tsx";
import { Panel } from "../../component/panel.tsx";
import { formatMetric, formatPercent } from "../../format/number.ts";
import { Plot, type Series } from "../../plot/plot.tsx";

const REFRESH_MS = 2_000;
const isLoss = (name: string) => name.includes("loss");

export function Curves({ name, over }: { name: string; over: boolean }) {
  const metrics = useResource(
    `metrics ${name} ${over}`,
    () => readBody(api().training[":name"].metrics.$get({ param: { name } })),
    { everyMs: over ? undefined : REFRESH_MS },
  );
  return (
    <Loaded resource={metrics} what="metrics">
      {({ points, last, epochs }) => {
        const names = [...new Set(points.flatMap(({ values }) => Object.keys(values)))];
        const x = points.map(({ epoch }) => epoch);
        const series = (metrics: string[]): Series[] =>
          metrics.map((metric) => ({
            name: metric,
            values: points.map(({ values }) => values[metric] ?? null),
            color: metric.startsWith("train") ? "faint" : "accent",
            dashed: metric.startsWith("train"),
          }));
        const losses = names.filter(isLoss);
        const shares = names.filter((metric) => /accuracy|f1|precision|recall|map/i.test(metric));
        const latest = Object.entries(last).map(([metric, value]) => `${metric} ${formatMetric(value)}`);
        if (points.length === 0)
          return (
            <Panel title="Curves">
              <p class="hint">No epoch has completed.</p>
            </Panel>
          );
        return (
          <Panel
            title="Curves"
            aside={`epoch ${x.at(-1)}${epochs === undefined ? "" : ` of ${epochs}`}: ${latest.join(", ")}`}
          >
            <div class="halves even">
              <Plot
                label={`Loss by epoch: ${latest.join(", ")}`}
                xKind="number"
                x={x}
                series={series(losses)}
              />
              <Plot
                label={`Accuracy by epoch: ${latest.join(", ")}`}
                xKind="number"
                x={x}
                series={series(shares)}
                yRange={[0, 1]}
                yText={(value) => formatPercent(value, 0)}
              />
            </div>
          </Panel>
        );
      }}
    </Loaded>
  );
}
