import { api, readBody } from "../../api/client.ts";
import { useModels } from "../../api/models.ts";
import { useResource } from "../../api/resource.ts";
import { ActionButton } from "../../component/action.tsx";
import { Grid } from "../../component/grid.tsx";
import { ModelFilter } from "../../component/model-filter.tsx";
import { Empty, Loaded, Loading } from "../../component/notes.tsx";
import { PagedList, usePages } from "../../component/pages.tsx";
import { Panel } from "../../component/panel.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { View } from "../../component/view.tsx";
import { formatCount, formatPlural } from "../../format/number.ts";
import { Shares } from "../../plot/bars.tsx";
import { pathTo, withQuery } from "../../route/path.ts";
import { navigate, queryOf } from "../../route/route.ts";
import { useLabelCounts } from "../label/counts.ts";
import { NoLabels } from "../label/no-labels.tsx";

const REFRESH_MS = 30_000;

export function DatasetsView() {
  const { data: models } = useModels();
  const { model = models?.[0]?.name } = queryOf("model");
  return (
    <View title="Datasets" header={<ModelFilter any={false} chosen={model} />}>
      {model ? (
        <>
          <Datasets key={`datasets ${model}`} model={model} />
          <div class="halves even">
            <Labels key={`labels ${model}`} model={model} />
            <Imports key={`imports ${model}`} model={model} />
          </div>
        </>
      ) : (
        <Loading what="models" />
      )}
    </View>
  );
}

function Datasets({ model }: { model: string }) {
  const labels = useLabelCounts(model);
  const datasets = usePages(
    `datasets ${model}`,
    (page) => readBody(api().datasets.$get({ query: { model, ...page } })),
    ({ id }) => id,
    { everyMs: REFRESH_MS, on: "dataset." },
  );
  const prepare = async () => {
    const dataset = await readBody(api().datasets.$post({ json: { model } }));
    navigate(pathTo("dataset", dataset.id));
    return "";
  };
  const empty =
    labels.data?.total === 0 ? (
      <p class="hint">No datasets. First import labels.</p>
    ) : (
      <Empty title="No datasets" command={`npx sluice datasets prepare ${model}`} />
    );
  return (
    <Panel
      title="Datasets"
      aside={<ActionButton name="Prepare a dataset" disabled={!labels.data?.total} action={prepare} />}
    >
      <PagedList pages={datasets} what="datasets" empty={empty}>
        {(all) => (
          <Grid
            label="Datasets"
            rows={all}
            rowKey={({ id }) => id}
            columns={[
              { title: "Dataset", cell: ({ id }) => <a href={pathTo("dataset", id)}>{id}</a> },
              {
                title: "Status",
                cell: ({ status, step, error }) => (
                  <>
                    <Status of={status} title={error?.message} /> {status === "preparing" && step}
                  </>
                ),
              },
              ...(["train", "validation", "test"] as const).map((split) => ({
                title: split.charAt(0).toUpperCase() + split.slice(1),
                number: true,
                cell: ({ items }: (typeof all)[number]) => (items ? formatCount(items[split]) : "–"),
              })),
              { title: "Problems", number: true, cell: ({ problemCount }) => formatCount(problemCount) },
              { title: "Created", number: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
            ]}
          />
        )}
      </PagedList>
    </Panel>
  );
}

function Labels({ model }: { model: string }) {
  const labels = useLabelCounts(model);
  const total = labels.data?.total;
  return (
    <Panel
      title="Labels"
      aside={
        !!total && (
          <a href={withQuery(pathTo("labels"), { model })}>Show all {formatPlural(total, "label")}</a>
        )
      }
    >
      <Loaded resource={labels} what="labels">
        {({ classes }) =>
          total === 0 ? (
            <NoLabels title="No labels" model={model} />
          ) : (
            <Shares
              of={classes.map((row) => ({
                name: row.class,
                count: row.items,
                href: withQuery(pathTo("labels"), { model, class: row.class }),
              }))}
            />
          )
        }
      </Loaded>
    </Panel>
  );
}

function Imports({ model }: { model: string }) {
  const imports = useResource(
    `imports ${model}`,
    async () => (await readBody(api().labels[":model"].imports.$get({ param: { model }, query: {} }))).items,
    { everyMs: REFRESH_MS, on: "labels." },
  );
  return (
    <Panel title="Imports">
      <Loaded resource={imports} what="imports">
        {(all) =>
          all.length === 0 ? (
            <p class="hint">No imports.</p>
          ) : (
            <ol class="history">
              {all.map(({ id, status, error, source, added, changed, problemCount, createdAt }) => (
                <li key={id}>
                  <Status of={status} title={error?.message} />
                  <span title={source}>
                    <a href={withQuery(pathTo("labels"), { model, source })}>
                      {source.split("/").at(-1) || source}
                    </a>
                    <span class="hint">
                      {" "}
                      {formatCount(added)} added, {formatCount(changed)} changed
                      {problemCount > 0 && `, ${formatPlural(problemCount, "problem")}`}
                    </span>
                  </span>
                  <Time at={createdAt} />
                </li>
              ))}
            </ol>
          )
        }
      </Loaded>
    </Panel>
  );
}
