import { api, readBody } from "../../api/client.ts";
import type { Model } from "../../api/models.ts";
import { useResource } from "../../api/resource.ts";
import { Loaded } from "../../component/notes.tsx";
import { Panel } from "../../component/panel.tsx";
import { Select } from "../../component/select.tsx";
import { formatCount, formatPercent } from "../../format/number.ts";
import { formatDuration } from "../../format/time.ts";
import { Histogram, Shares } from "../../plot/bars.tsx";
import { Plot } from "../../plot/plot.tsx";
import { changeQuery, currentRoute } from "../../route/route.ts";

const REFRESH_MS = 30_000;
const HOUR_MS = 3_600_000;
const PERIODS: Record<string, { title: string; ms: number }> = {
  "1h": { title: "hour", ms: HOUR_MS },
  "1d": { title: "day", ms: 24 * HOUR_MS },
  "7d": { title: "week", ms: 7 * 24 * HOUR_MS },
  "30d": { title: "month", ms: 30 * 24 * HOUR_MS },
};

export function Performance({ model }: { model: Model }) {
  const period = currentRoute.value.query.get("last") ?? "";
  const last = period in PERIODS ? period : "1d";
  const statistics = useResource(
    `statistics ${model.name} ${last}`,
    () => {
      const from = new Date(Date.now() - PERIODS[last]!.ms).toISOString();
      return readBody(
        api().models[":model"].statistics.$get({ param: { model: model.name }, query: { from } }),
      );
    },
    { everyMs: REFRESH_MS },
  );
  const periodFilter = (
    <label>
      Last{" "}
      <Select
        value={last}
        options={Object.keys(PERIODS)}
        textOf={(name) => PERIODS[name]!.title}
        change={(name) => changeQuery({ last: name })}
      />
    </label>
  );
  return (
    <Panel title="Performance" aside={periodFilter}>
      <Loaded resource={statistics} what="statistics">
        {({ totals, series, confidence, classes, ...period }) => {
          const predicted = totals.completed + totals.rejected;
          const at = series.map((row) => Date.parse(row.at));
          const xRange: [number, number] = [Date.parse(period.from), Date.parse(period.to)];
          const values = (name: "confidence" | "p50" | "p95" | "p99") =>
            series.map((row) => row[name] ?? null);
          if (predicted + totals.failed === 0) return <p class="hint">No predictions in this period.</p>;
          const newest = series.findLast(({ p50 }) => p50 !== undefined);
          return (
            <div class="plots">
              <dl class="metrics">
                <Figure name="above threshold" value={formatCount(totals.completed)} />
                <Figure name="below threshold" value={formatCount(totals.rejected)} />
                <Figure name="failed" value={formatCount(totals.failed)} />
                <Figure
                  name="share above threshold"
                  value={predicted === 0 ? "–" : formatPercent(totals.completed / predicted)}
                />
                {newest && (
                  <Figure
                    name="latest p50 / p95 / p99"
                    value={[newest.p50, newest.p95, newest.p99]
                      .map((ms) => formatDuration(ms ?? 0))
                      .join(" / ")}
                  />
                )}
              </dl>
              <figure>
                <h3>Confidence over time</h3>
                <Plot
                  label={`Average confidence in the last ${PERIODS[last]!.title}, with the threshold of ${formatPercent(model.gate.threshold)}`}
                  x={at}
                  xRange={xRange}
                  series={[{ name: "average confidence", values: values("confidence"), color: "accent" }]}
                  yRange={[0, 1]}
                  yText={(value) => formatPercent(value, 0)}
                  threshold={model.gate.threshold}
                />
              </figure>
              <figure>
                <h3>Confidence distribution</h3>
                <Histogram
                  label={`Confidence of ${formatCount(predicted)} predictions in bins of five percent`}
                  bins={confidence.map((bin) => bin.count)}
                  threshold={model.gate.threshold}
                />
              </figure>
              <figure>
                <h3>Duration</h3>
                <Plot
                  label="Median, 95th and 99th percentile of the duration"
                  x={at}
                  xRange={xRange}
                  series={[
                    { name: "p50", values: values("p50"), color: "accent" },
                    { name: "p95", values: values("p95"), color: "warn" },
                    { name: "p99", values: values("p99"), color: "faint", dashed: true },
                  ]}
                  yText={formatDuration}
                />
              </figure>
              <figure>
                <h3>Predictions per class</h3>
                <Shares of={classes.map(({ class: name, count }) => ({ name, count }))} />
              </figure>
            </div>
          );
        }}
      </Loaded>
    </Panel>
  );
}

function Figure({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
