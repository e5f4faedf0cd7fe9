// Every metric of a run, epoch by epoch: those that are shares together, those that are not beside them.
import { api, body } from "../../api/client.ts";
import { useRemote } from "../../api/remote.ts";
import { Shown } from "../../component/note.tsx";
import { Panel } from "../../component/panel.tsx";
import { percent } from "../../format/number.ts";
import { Plot, type Series } from "../../plot/plot.tsx";
import { figure } from "../model/versions.tsx";

const REFRESH_MS = 2_000;
const isLoss = (name: string) => name.includes("loss");

export function Curves({ name, over }: { name: string; over: boolean }) {
  const metrics = useRemote(
    `metrics ${name} ${over}`,
    () => body(api().training[":name"].metrics.$get({ param: { name } })),
    { everyMs: over ? undefined : REFRESH_MS },
  );
  return (
    <Shown remote={metrics} what="its metrics">
      {({ points, last, epochs }) => {
        const names = [...new Set(points.flatMap(({ values }) => Object.keys(values)))];
        const x = points.map(({ epoch }) => epoch);
        const series = (wanted: string[]): Series[] =>
          wanted.map((metric) => ({
            name: metric,
            values: points.map(({ values }) => values[metric] ?? null),
            ink: metric.startsWith("train") ? "faint" : "accent",
            dashed: metric.startsWith("train"),
          }));
        const losses = names.filter(isLoss);
        const shares = names.filter((metric) => /accuracy|f1|precision|recall|map/i.test(metric));
        const newest = Object.entries(last).map(([metric, value]) => `${metric} ${figure(value)}`);
        if (points.length === 0)
          return (
            <Panel title="Curves">
              <p class="hint">{over ? "No epoch ended." : "No epoch has ended yet."}</p>
            </Panel>
          );
        return (
          <Panel
            title="Curves"
            aside={`epoch ${x.at(-1)}${epochs === undefined ? "" : ` of ${epochs}`}: ${newest.join(", ")}`}
          >
            <div class="halves even">
              <Plot
                label={`Loss by epoch: ${newest.join(", ")}`}
                xKind="number"
                x={x}
                series={series(losses)}
              />
              <Plot
                label={`Accuracy by epoch: ${newest.join(", ")}`}
                xKind="number"
                x={x}
                series={series(shares)}
                yRange={[0, 1]}
                yText={(value) => percent(value, 0)}
              />
            </div>
          </Panel>
        );
      }}
    </Shown>
  );
}
