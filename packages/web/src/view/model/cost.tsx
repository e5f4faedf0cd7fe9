// What the model costs, so far and a month ahead, with the sums that were done, so that anyone can check them.
import type { Cost as Costs } from "@sluice/core/spending/forecast.ts";
import { api, body } from "../../api/client.ts";
import { useRemote } from "../../api/remote.ts";
import { Grid } from "../../component/grid.tsx";
import { Shown } from "../../component/note.tsx";
import { Facts, Panel } from "../../component/panel.tsx";
import { bytes, count, dollars, many } from "../../format/number.ts";
import { duration } from "../../format/time.ts";
import { changeQuery, place } from "../../route/route.ts";

export function Cost({ model }: { model: string }) {
  const asked = Number.parseInt(place.value.query.get("perDay") ?? "", 10);
  const perDay = asked > 0 ? String(asked) : undefined;
  const cost = useRemote(`cost ${model} ${perDay}`, () =>
    body(api().models[":model"].cost.$get({ param: { model }, query: { perDay } })),
  );
  return (
    <Panel title="Cost on AWS" aside={cost.data && `prices of ${cost.data.training.pricesOf}`}>
      <Shown remote={cost} what="its cost">
        {(costs) => <Sums costs={costs} perDay={perDay} />}
      </Shown>
    </Panel>
  );
}

function Sums({ costs, perDay }: { costs: Costs; perDay: string | undefined }) {
  const { soFar, prediction, monthly, breakEven, training, assumptions } = costs;
  const one = prediction.endpoint.dollars + prediction.path.dollars;
  const { seconds, bytes: moved, memory } = assumptions;
  return (
    <div class="stack">
      <Facts
        of={[
          [
            "So far",
            `${dollars(soFar.estimate.dollars)} this month, for ${many(soFar.predictions, "prediction")} and ${many(soFar.trainings, "training")}`,
          ],
          [
            "One prediction",
            `${dollars(one)}, of which ${dollars(prediction.endpoint.dollars)} at a serverless endpoint and ${dollars(prediction.path.dollars)} on the way to it`,
          ],
          ["One training", dollars(training.dollars)],
          ["Break-even", `above ${count(Math.round(breakEven))} calls a month an instance costs less`],
        ]}
      />
      <details>
        <summary>How this was reckoned</summary>
        <p class="hint">
          A call takes {duration(seconds.value * 1_000)} ({seconds.source}), moves {bytes(moved.value)} (
          {moved.source}) and has {count(memory.value)} MB ({memory.source}).
        </p>
        <ul class="formulas">
          {[...soFar.estimate.items, ...training.items].map(({ what, formula, dollars: sum }, index) => (
            <li key={index}>
              {what}: <code>{formula}</code> = {dollars(sum)}
            </li>
          ))}
        </ul>
      </details>
      <label class="filter">
        A month ahead, at
        <input
          type="number"
          min="1"
          max="1000000000"
          placeholder="100 or 1,000"
          value={perDay ?? ""}
          onChange={(event) => changeQuery({ perDay: event.currentTarget.value })}
        />
        predictions a day
      </label>
      <Grid
        label="A month ahead"
        rows={monthly}
        rowKey={(row) => String(row.perDay)}
        columns={[
          { title: "A day", number: true, cell: (row) => count(row.perDay) },
          { title: "Serverless", number: true, cell: ({ serverless }) => dollars(serverless.dollars) },
          { title: "Realtime", number: true, cell: ({ realtime }) => dollars(realtime.dollars) },
          { title: "The way to it", number: true, cell: ({ path }) => dollars(path.dollars) },
        ]}
      />
    </div>
  );
}
