// Training runs, newest first, and the form that starts one.
import { api, body } from "../../api/client.ts";
import { useModels } from "../../api/models.ts";
import { Grid } from "../../component/grid.tsx";
import { ModelFilter } from "../../component/model-filter.tsx";
import { Empty, Shown } from "../../component/note.tsx";
import { More, usePages } from "../../component/pages.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { dollars } from "../../format/number.ts";
import { duration } from "../../format/time.ts";
import { place, to, withQuery } from "../../route/route.ts";
import { figure } from "../model/versions.tsx";
import { StartForm } from "./start-form.tsx";

const REFRESH_MS = 30_000;
const SHOWN_METRIC = "validation:accuracy";

export function TrainingView() {
  const model = place.value.query.get("model") ?? undefined;
  const { data: models } = useModels();
  const runs = usePages(
    `runs ${model}`,
    (cursor) => body(api().training.$get({ query: { ...(model && { model }), ...(cursor && { cursor }) } })),
    ({ name }) => name,
    { everyMs: REFRESH_MS, on: "training." },
  );
  return (
    <article class="one">
      <header class="title">
        <h1>Training</h1>
        <ModelFilter />
      </header>
      {models && <StartForm key={model} models={models} chosen={model} />}
      <Shown remote={runs} what="training runs">
        {(all) =>
          all.length === 0 ? (
            <Empty
              title="Nothing was trained yet"
              command={`npx sluice train ${model ?? models?.[0]?.name ?? "MODEL"}`}
            >
              Bring <a href={withQuery(to("datasets"), { model })}>labels</a> first, then start a training
              above or from a terminal.
            </Empty>
          ) : (
            <>
              <Grid
                label="Training runs"
                rows={all}
                rowKey={({ name }) => name}
                columns={[
                  { title: "Run", cell: ({ name }) => <a href={to("run", name)}>{name}</a> },
                  { title: "Model", cell: (run) => run.model },
                  {
                    title: "Status",
                    cell: ({ status, failureReason }) => <Status of={status} title={failureReason} />,
                  },
                  {
                    title: "Accuracy",
                    number: true,
                    cell: ({ metrics }) =>
                      metrics?.[SHOWN_METRIC] === undefined ? "–" : figure(metrics[SHOWN_METRIC]),
                  },
                  {
                    title: "On",
                    cell: ({ platform, instance }) => [platform, instance].filter(Boolean).join(", "),
                  },
                  {
                    title: "Trained for",
                    number: true,
                    cell: ({ billableSeconds }) =>
                      billableSeconds === undefined ? "–" : duration(billableSeconds * 1_000),
                  },
                  { title: "Cost", number: true, cell: ({ cost }) => (cost ? dollars(cost.dollars) : "–") },
                  { title: "Started", number: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
                ]}
              />
              <More of={runs.rest} />
            </>
          )
        }
      </Shown>
    </article>
  );
}
