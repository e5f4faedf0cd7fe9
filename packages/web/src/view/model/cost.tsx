// What the model costs, each sum with its formula, so that anyone can check it.
import type { Estimate } from "@sluice/core/cost/estimate.ts";
import { api, body } from "../../api/client.ts";
import { useRemote } from "../../api/remote.ts";
import { Grid } from "../../component/grid.tsx";
import { Shown } from "../../component/note.tsx";
import { Facts, Panel } from "../../component/panel.tsx";
import { count, dollars } from "../../format/number.ts";

export function Cost({ model }: { model: string }) {
  const cost = useRemote(`cost ${model}`, () =>
    body(api().models[":model"].cost.$get({ param: { model }, query: {} })),
  );
  return (
    <Panel title="Cost on AWS" aside={cost.data && `prices of ${cost.data.training.pricesOf}`}>
      <Shown remote={cost} what="its cost">
        {({ soFar, prediction, monthly, breakEven, training }) => (
          <div class="stack">
            <Facts
              of={[
                [
                  "This month",
                  <Sum of={soFar.estimate} after={`for ${count(soFar.predictions)} predictions`} />,
                ],
                ["A prediction", <Sum of={prediction.endpoint} after="at the endpoint" />],
                ["and", <Sum of={prediction.path} after="for the path to it" />],
                ["A training", <Sum of={training} />],
                [
                  "Break-even",
                  `${count(Math.round(breakEven))} calls a month: above, an instance costs less`,
                ],
              ]}
            />
            <Grid
              label="A month ahead"
              rows={monthly}
              rowKey={({ perDay }) => String(perDay)}
              columns={[
                { title: "Predictions a day", number: true, cell: ({ perDay }) => count(perDay) },
                { title: "Serverless", number: true, cell: ({ serverless }) => <Sum of={serverless} /> },
                { title: "Realtime", number: true, cell: ({ realtime }) => <Sum of={realtime} /> },
                { title: "The path", number: true, cell: ({ path }) => <Sum of={path} /> },
              ]}
            />
          </div>
        )}
      </Shown>
    </Panel>
  );
}

function Sum({ of: estimate, after = "" }: { of: Estimate; after?: string }) {
  const formulas = estimate.items.map(({ what, formula }) => `${what}: ${formula}`).join("\n");
  return (
    <span title={formulas}>
      {dollars(estimate.dollars)} {after}
    </span>
  );
}
