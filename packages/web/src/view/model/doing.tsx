// How a model has been doing lately, from the metrics its predictions wrote.
import { api, body } from "../../api/client.ts";
import type { Model } from "../../api/models.ts";
import { useRemote } from "../../api/remote.ts";
import { Shown } from "../../component/note.tsx";
import { Panel } from "../../component/panel.tsx";
import { count, percent } from "../../format/number.ts";
import { duration } from "../../format/time.ts";
import { Histogram, Shares } from "../../plot/bars.tsx";
import { Plot } from "../../plot/plot.tsx";
import { changeQuery, place } from "../../route/route.ts";

const REFRESH_MS = 30_000;
const HOUR_MS = 3_600_000;
const SPANS: Record<string, { title: string; ms: number }> = {
  "1h": { title: "hour", ms: HOUR_MS },
  "1d": { title: "day", ms: 24 * HOUR_MS },
  "7d": { title: "week", ms: 7 * 24 * HOUR_MS },
  "30d": { title: "month", ms: 30 * 24 * HOUR_MS },
};

export function Doing({ model }: { model: Model }) {
  const asked = place.value.query.get("last") ?? "";
  const last = asked in SPANS ? asked : "1d";
  const statistics = useRemote(
    `statistics ${model.name} ${last}`,
    () => {
      const from = new Date(Date.now() - SPANS[last]!.ms).toISOString();
      return body(api().models[":model"].statistics.$get({ param: { model: model.name }, query: { from } }));
    },
    { everyMs: REFRESH_MS },
  );
  const spans = (
    <label>
      The last{" "}
      <select value={last} onChange={(event) => changeQuery({ last: event.currentTarget.value })}>
        {Object.entries(SPANS).map(([name, { title }]) => (
          <option key={name} value={name}>
            {title}
          </option>
        ))}
      </select>
    </label>
  );
  return (
    <Panel title="How it has been doing" aside={spans}>
      <Shown remote={statistics} what="its statistics">
        {({ totals, series, confidence, classes, ...span }) => {
          const answered = totals.completed + totals.rejected;
          const at = series.map((row) => Date.parse(row.at));
          const xRange: [number, number] = [Date.parse(span.from), Date.parse(span.to)];
          const values = (name: "confidence" | "p50" | "p95" | "p99") =>
            series.map((row) => row[name] ?? null);
          if (answered + totals.failed === 0) return <p class="hint">No prediction ended in this time.</p>;
          const newest = series.findLast(({ p50 }) => p50 !== undefined);
          return (
            <div class="plots">
              <dl class="tellers">
                <Teller name="passed the gate" value={count(totals.completed)} />
                <Teller name="held back" value={count(totals.rejected)} />
                <Teller name="failed" value={count(totals.failed)} />
                <Teller
                  name="pass ratio"
                  value={answered === 0 ? "–" : percent(totals.completed / answered)}
                />
                {newest && (
                  <Teller
                    name="last p50 / p95 / p99"
                    value={[newest.p50, newest.p95, newest.p99].map((ms) => duration(ms ?? 0)).join(" / ")}
                  />
                )}
              </dl>
              <figure>
                <h3>Confidence over time</h3>
                <Plot
                  label={`Average confidence over the last ${SPANS[last]!.title}, against the threshold of ${percent(model.gate.threshold)}`}
                  x={at}
                  xRange={xRange}
                  series={[{ name: "average confidence", values: values("confidence"), ink: "accent" }]}
                  yRange={[0, 1]}
                  yText={(value) => percent(value, 0)}
                  threshold={model.gate.threshold}
                />
              </figure>
              <figure>
                <h3>Confidence, how often</h3>
                <Histogram
                  label={`Confidence of ${count(answered)} answers in bins of five percent`}
                  bins={confidence.map((bin) => bin.count)}
                  threshold={model.gate.threshold}
                />
              </figure>
              <figure>
                <h3>Time from claim to result</h3>
                <Plot
                  label="Median, 95th and 99th percentile of processing time"
                  x={at}
                  xRange={xRange}
                  series={[
                    { name: "p50", values: values("p50"), ink: "accent" },
                    { name: "p95", values: values("p95"), ink: "warn" },
                    { name: "p99", values: values("p99"), ink: "faint", dashed: true },
                  ]}
                  yText={duration}
                />
              </figure>
              <figure>
                <h3>Share per class</h3>
                <Shares of={classes.map(({ class: name, count: often }) => ({ name, count: often }))} />
              </figure>
            </div>
          );
        }}
      </Shown>
    </Panel>
  );
}

function Teller({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
