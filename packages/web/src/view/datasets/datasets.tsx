// A model's labels, and the datasets that were prepared from them.
import { api, body } from "../../api/client.ts";
import { useModels } from "../../api/models.ts";
import { useRemote } from "../../api/remote.ts";
import { Act } from "../../component/act.tsx";
import { Grid } from "../../component/grid.tsx";
import { ModelFilter } from "../../component/model-filter.tsx";
import { Empty, Loading, Shown } from "../../component/note.tsx";
import { More, usePages } from "../../component/pages.tsx";
import { Panel } from "../../component/panel.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { count, many } from "../../format/number.ts";
import { Shares } from "../../plot/bars.tsx";
import { go, place, to, withQuery } from "../../route/route.ts";

const REFRESH_MS = 30_000;

export function DatasetsView() {
  const { data: models } = useModels();
  const model = place.value.query.get("model") ?? models?.[0]?.name;
  return (
    <article class="one">
      <header class="title">
        <h1>Datasets</h1>
        <ModelFilter any={false} chosen={model} />
      </header>
      {model ? <Of key={model} model={model} /> : <Loading what="models" />}
    </article>
  );
}

function Of({ model }: { model: string }) {
  const labels = useRemote(
    `labels ${model}`,
    () => body(api().labels[":model"].counts.$get({ param: { model } })),
    { everyMs: REFRESH_MS, on: "labels." },
  );
  const imports = useRemote(
    `imports ${model}`,
    async () => (await body(api().labels[":model"].imports.$get({ param: { model }, query: {} }))).items,
    { everyMs: REFRESH_MS, on: "labels." },
  );
  const datasets = usePages(
    `datasets ${model}`,
    (cursor) => body(api().datasets.$get({ query: { model, ...(cursor && { cursor }) } })),
    ({ id }) => id,
    { everyMs: REFRESH_MS, on: "dataset." },
  );
  const prepare = async () => {
    go(to("dataset", (await body(api().datasets.$post({ json: { model } }))).id));
    return "";
  };
  return (
    <>
      <Panel
        title="Prepared datasets"
        aside={<Act name="Prepare one" disabled={!labels.data?.total} act={prepare} />}
      >
        <Shown remote={datasets} what="datasets">
          {(all) =>
            all.length === 0 ? (
              labels.data?.total === 0 ? (
                <p class="hint">None was prepared yet: labels come first.</p>
              ) : (
                <Empty title="None was prepared yet" command={`npx sluice dataset prepare ${model}`} />
              )
            ) : (
              <>
                <Grid
                  label="Datasets"
                  rows={all}
                  rowKey={({ id }) => id}
                  columns={[
                    { title: "Dataset", cell: ({ id }) => <a href={to("dataset", id)}>{id}</a> },
                    {
                      title: "Status",
                      cell: ({ status, step, error }) => (
                        <>
                          <Status of={status} title={error?.message} /> {status === "preparing" && step}
                        </>
                      ),
                    },
                    { title: "Train", number: true, cell: ({ items }) => (items ? count(items.train) : "–") },
                    {
                      title: "Validation",
                      number: true,
                      cell: ({ items }) => (items ? count(items.validation) : "–"),
                    },
                    { title: "Test", number: true, cell: ({ items }) => (items ? count(items.test) : "–") },
                    { title: "Problems", number: true, cell: ({ problemCount }) => count(problemCount) },
                    { title: "Made", number: true, cell: ({ createdAt }) => <Time at={createdAt} /> },
                  ]}
                />
                <More of={datasets.rest} />
              </>
            )
          }
        </Shown>
      </Panel>
      <div class="halves even">
        <Panel
          title="Labels"
          aside={
            !!labels.data?.total && (
              <a href={withQuery(to("labels"), { model })}>See all {many(labels.data.total, "label")}</a>
            )
          }
        >
          <Shown remote={labels} what="labels">
            {({ total, classes }) =>
              total === 0 ? (
                <Empty title="No label yet" command={`npx sluice dataset import FOLDER --model ${model}`}>
                  Class folders, CSV, COCO, YOLO, Pascal VOC or Ground Truth files are taken.
                </Empty>
              ) : (
                <Shares
                  of={classes.map((row) => ({
                    name: row.class,
                    count: row.items,
                    href: withQuery(to("labels"), { model, class: row.class }),
                  }))}
                />
              )
            }
          </Shown>
        </Panel>
        <Panel title="Imports">
          <Shown remote={imports} what="imports">
            {(all) =>
              all.length === 0 ? (
                <p class="hint">No label file was imported yet.</p>
              ) : (
                <ol class="history">
                  {all.map((one) => (
                    <li key={one.id}>
                      <Status of={one.status} title={one.error?.message} />
                      <span title={one.source}>
                        <a href={withQuery(to("labels"), { model, source: one.source })}>
                          {one.source.split("/").at(-1) || one.source}
                        </a>
                        <span class="hint">
                          {" "}
                          {count(one.added)} new, {count(one.changed)} changed
                          {one.problemCount > 0 && `, ${many(one.problemCount, "problem")}`}
                        </span>
                      </span>
                      <Time at={one.createdAt} />
                    </li>
                  ))}
                </ol>
              )
            }
          </Shown>
        </Panel>
      </div>
    </>
  );
}
