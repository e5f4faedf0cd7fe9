// Estimated accuracy by each report, beside the accuracy that reviews and ground truth show.
import type { AccuracyWeek } from "@sluice/core/accuracy/accuracy.ts";
import type { DriftReport } from "@sluice/core/monitor/report.ts";
import { api, readBody } from "../../api/client.ts";
import type { Model } from "../../api/models.ts";
import { useResource } from "../../api/resource.ts";
import { Loaded } from "../../component/notes.tsx";
import { Panel } from "../../component/panel.tsx";
import { formatPercent, formatPlural } from "../../format/number.ts";
import { Plot } from "../../plot/plot.tsx";

const REFRESH_MS = 60_000;

export function AccuracyPanel({
  model: { name },
  reports,
}: {
  model: Model;
  reports: readonly DriftReport[];
}) {
  const accuracy = useResource(
    `accuracy ${name}`,
    () => readBody(api().models[":model"].accuracy.$get({ param: { model: name }, query: {} })),
    { everyMs: REFRESH_MS },
  );
  return (
    <Panel title="Estimated and real accuracy">
      <Loaded resource={accuracy} what="the accuracy">
        {({ weeks }) => <Curves weeks={weeks} reports={reports} />}
      </Loaded>
    </Panel>
  );
}

function Curves({ weeks, reports }: { weeks: readonly AccuracyWeek[]; reports: readonly DriftReport[] }) {
  const judged = weeks.reduce((sum, { accuracy }) => sum + (accuracy?.count ?? 0), 0);
  const estimated = reports.filter(({ harm }) => harm);
  if (judged === 0 && estimated.length === 0)
    return (
      <p class="hint">Nothing is known yet. Reviews, ground truth and reports of the monitor show it.</p>
    );
  const at = [
    ...new Set([...weeks.map(({ from }) => Date.parse(from)), ...estimated.map(({ to }) => Date.parse(to))]),
  ].toSorted((left, right) => left - right);
  const weekAt = new Map(weeks.map((week) => [Date.parse(week.from), week]));
  const reportAt = new Map(estimated.map((report) => [Date.parse(report.to), report.harm!]));
  return (
    <>
      <Plot
        label="Estimated accuracy by report and real accuracy by week"
        x={at}
        series={[
          {
            name: "estimated",
            values: at.map((time) => reportAt.get(time)?.estimated ?? null),
            color: "faint",
            points: true,
          },
          {
            name: "real, by week",
            values: at.map((time) => weekAt.get(time)?.accuracy?.value ?? null),
            color: "accent",
            points: true,
          },
        ]}
        yRange={[0, 1]}
        yText={(value) => formatPercent(value, 0)}
      />
      <p class="hint">{formatPlural(judged, "judged prediction")}</p>
    </>
  );
}
