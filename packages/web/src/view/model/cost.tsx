import type { Cost as CostEstimate } from "@sluice/core/spending/forecast.ts";
import { api, readBody } from "../../api/client.ts";
import { useResource } from "../../api/resource.ts";
import { Grid } from "../../component/grid.tsx";
import { Loaded } from "../../component/notes.tsx";
import { Properties, Panel } from "../../component/panel.tsx";
import { formatBytes, formatCount, formatDollars, formatPlural } from "../../format/number.ts";
import { formatDuration } from "../../format/time.ts";
import { changeQuery, currentRoute } from "../../route/route.ts";

export function Cost({ model }: { model: string }) {
  const parsed = Number.parseInt(currentRoute.value.query.get("perDay") ?? "", 10);
  const perDay = parsed > 0 ? String(parsed) : undefined;
  const cost = useResource(`cost ${model} ${perDay}`, () =>
    readBody(api().models[":model"].cost.$get({ param: { model }, query: { perDay } })),
  );
  return (
    <Panel title="Cost on AWS" aside={cost.data && `prices of ${cost.data.training.pricesOf}`}>
      <Loaded resource={cost} what="the cost">
        {(estimate) => <Estimates estimate={estimate} perDay={perDay} />}
      </Loaded>
    </Panel>
  );
}

function Estimates({ estimate, perDay }: { estimate: CostEstimate; perDay: string | undefined }) {
  const { soFar, prediction, monthly, breakEven, training, watching, assumptions } = estimate;
  const perPrediction = prediction.endpoint.dollars + prediction.path.dollars;
  const { seconds, bytes: transfer, memory } = assumptions;
  return (
    <div class="stack">
      <Properties
        of={[
          [
            "This month",
            `${formatDollars(soFar.estimate.dollars)} for ${formatPlural(soFar.predictions, "prediction")} and ${formatPlural(soFar.trainings, "training")}`,
          ],
          [
            "One prediction",
            `${formatDollars(perPrediction)}: ${formatDollars(prediction.endpoint.dollars)} for a serverless endpoint, ${formatDollars(prediction.path.dollars)} for the pipeline`,
          ],
          ["One training", formatDollars(training.dollars)],
          [
            "Metrics and alarms",
            `${formatDollars(watching.dollars)} a month, with predictions in every hour`,
          ],
          [
            "Break-even",
            `above ${formatCount(Math.round(breakEven))} calls per month, an instance costs less`,
          ],
        ]}
      />
      <details>
        <summary>Assumptions and formulas</summary>
        <p class="hint">
          Per call: {formatDuration(seconds.value * 1_000)} ({seconds.source}), {formatBytes(transfer.value)}{" "}
          transferred ({transfer.source}), {formatCount(memory.value)} MB of memory ({memory.source}).
        </p>
        <ul class="formulas">
          {[...soFar.estimate.items, ...training.items].map(({ what, formula, dollars: sum }, index) => (
            <li key={index}>
              {what}: <code>{formula}</code> = {formatDollars(sum)}
            </li>
          ))}
        </ul>
      </details>
      <label class="filter">
        Monthly cost with
        <input
          type="number"
          min="1"
          max="1000000000"
          placeholder="100 or 1,000"
          value={perDay ?? ""}
          onChange={(event) => changeQuery({ perDay: event.currentTarget.value })}
        />
        predictions per day
      </label>
      <Grid
        label="Monthly cost"
        rows={monthly}
        rowKey={(row) => String(row.perDay)}
        columns={[
          { title: "Per day", number: true, cell: (row) => formatCount(row.perDay) },
          { title: "Serverless", number: true, cell: ({ serverless }) => formatDollars(serverless.dollars) },
          { title: "Realtime", number: true, cell: ({ realtime }) => formatDollars(realtime.dollars) },
          { title: "Pipeline", number: true, cell: ({ path }) => formatDollars(path.dollars) },
        ]}
      />
    </div>
  );
}
