// The A/B report: the live version and the candidate, by the predictions that they served.
import type {
  ComparedVersion,
  Comparison as Report,
  Row,
  StepReport,
} from "@sluice/core/comparison/comparison.ts";
import { api, readBody } from "../../api/client.ts";
import { useResource } from "../../api/resource.ts";
import { type Column, Grid } from "../../component/grid.tsx";
import { Loaded } from "../../component/notes.tsx";
import { Panel } from "../../component/panel.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { formatCount, formatPercent, formatPlural } from "../../format/number.ts";
import { Interval } from "../../plot/interval.tsx";
import { FIGURES, formatChange, scaleOf } from "./figures.ts";

const REFRESH_MS = 60_000;
const options = { everyMs: REFRESH_MS, on: "deployment." } as const;

export function Comparison({ model }: { model: string }) {
  const report = useResource(
    `report ${model}`,
    () => readBody(api().traffic[":model"].report.$get({ param: { model }, query: {} })),
    options,
  );
  const steps = useResource(
    `report steps ${model}`,
    async () => {
      const { items } = await readBody(api().deployments.$get({ query: { model } }));
      return items.find(({ comparisons }) => comparisons)?.comparisons ?? [];
    },
    options,
  );
  return (
    <Panel
      title="Versions compared"
      aside={report.data && `of ${formatPlural(report.data.read.predictions, "prediction")}`}
    >
      <Loaded resource={report} what="the comparison">
        {(found) => <ReportView report={found} steps={steps.data ?? []} />}
      </Loaded>
    </Panel>
  );
}

interface ReportProps {
  report: Report;
  /** Of the last traffic shift. */
  steps: StepReport[];
}

function ReportView({ report, steps }: ReportProps) {
  const { current, candidate, rows, agreement, recommendation, notes, from } = report;
  return (
    <div class="stack">
      <p class="recommendation">
        <Status of={recommendation.decision} /> {recommendation.explanation}
      </p>
      {steps.length > 0 && (
        <ol class="history" aria-label="Shares of the last shift">
          {steps.map((step) => (
            <li key={step.at}>
              <span>at {step.share} %</span>
              <span>
                {step.decision}: {step.explanation}
              </span>
              <Time at={step.at} />
            </li>
          ))}
        </ol>
      )}
      <p class="hint">
        Uploads since <Time at={from} />.{" "}
        {agreement &&
          `The results are equal for ${formatPercent(agreement.value)} of ${formatPlural(agreement.count, "file")} with equal content. `}
        {notes.join(" ")}
      </p>
      {rows.length > 0 && (
        <Grid
          label="Figures of both versions"
          rows={rows}
          rowKey={({ name }) => name}
          columns={[
            { title: "Figure", cell: ({ name }) => FIGURES[name].title },
            columnOf("current", current),
            columnOf("candidate", candidate),
            { title: "Difference", cell: (row) => <Difference row={row} /> },
          ]}
        />
      )}
    </div>
  );
}

const columnOf = (side: "current" | "candidate", version: ComparedVersion | undefined): Column<Row> => ({
  title: version
    ? `${version.version}: ${formatCount(version.predictions)} served, ${formatCount(version.judged)} judged`
    : `no ${side === "current" ? "current version" : "candidate"}`,
  cell: (row) => <Estimate row={row} side={side} />,
});

function Estimate({ row, side }: { row: Row; side: "current" | "candidate" }) {
  const figure = row[side];
  if (!figure) return "–";
  const { format } = FIGURES[row.name];
  return (
    <span class="estimate">
      <span>
        <strong>{format(figure.value)}</strong>{" "}
        <span class="hint">
          {format(figure.low)} to {format(figure.high)}
        </span>
      </span>
      <Interval {...figure} {...scaleOf(row)} />
    </span>
  );
}

function Difference({ row: { name, difference } }: { row: Row }) {
  if (!difference) return "–";
  const { value, low, high } = difference;
  return (
    <span class={low > 0 || high < 0 ? "" : "hint"}>
      {formatChange(name, value)}{" "}
      <span class="hint">
        {formatChange(name, low)} to {formatChange(name, high)}
      </span>
    </span>
  );
}
