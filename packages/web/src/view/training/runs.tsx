import { api, readBody } from "../../api/client.ts";
import { useModels } from "../../api/models.ts";
import { Grid } from "../../component/grid.tsx";
import { ModelFilter } from "../../component/model-filter.tsx";
import { Empty } from "../../component/notes.tsx";
import { PagedList, usePages } from "../../component/pages.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { View } from "../../component/view.tsx";
import { formatDollars, formatMetric } from "../../format/number.ts";
import { formatDuration } from "../../format/time.ts";
import { pathTo, withQuery } from "../../route/path.ts";
import { queryOf } from "../../route/route.ts";
import { StartForm } from "./start-form.tsx";

const REFRESH_MS = 30_000;
const METRIC = "validation:accuracy";

export function RunsView() {
  const filters = queryOf("model");
  const { model } = filters;
  const { data: models } = useModels();
  const runs = usePages(
    `runs ${model}`,
    (page) => readBody(api().training.$get({ query: { ...filters, ...page } })),
    ({ name }) => name,
    { everyMs: REFRESH_MS, on: "training." },
  );
  return (
    <View title="Training" header={<ModelFilter />}>
      {models && <StartForm key={model} models={models} chosen={model} />}
      <PagedList
        pages={runs}
        what="training runs"
        empty={
          <Empty
            title="No training runs"
            command={`npx sluice train ${model ?? models?.[0]?.name ?? "MODEL"}`}
          >
            First import <a href={withQuery(pathTo("datasets"), { model })}>labels</a>. Then start a training
            above or from a terminal.
          </Empty>
        }
      >
        {(all) => (
          <Grid
            label="Training runs"
            rows={all}
            rowKey={({ name }) => name}
            columns={[
              { title: "Run", cell: ({ name }) => <a href={pathTo("run", name)}>{name}</a> },
              { title: "Model", cell: (run) => run.model },
              {
                title: "Status",
                cell: ({ status, failureReason }) => <Status of={status} title={failureReason} />,
              },
              {
                title: "Accuracy",
                number: true,
                cell: ({ metrics }) =>
                  metrics?.[METRIC] === undefined ? "–" : formatMetric(metrics[METRIC]),
              },
              {
                title: "Platform",
                cell: ({ platform, instance }) => [platform, instance].filter(Boolean).join(", "),
              },
              {
                title: "Duration",
                number: true,
                cell: ({ billableSeconds }) =>
                  billableSeconds === undefined ? "–" : formatDuration(billableSeconds * 1_000),
              },
              { title: "Cost", number: true, cell: ({ cost }) => (cost ? formatDollars(cost.dollars) : "–") },
              { title: "Created", number: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
            ]}
          />
        )}
      </PagedList>
    </View>
  );
}
