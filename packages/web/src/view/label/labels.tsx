import { api, readBody } from "../../api/client.ts";
import { useClasses, useModels } from "../../api/models.ts";
import { useResource } from "../../api/resource.ts";
import { ModelFilter } from "../../component/model-filter.tsx";
import { Loading } from "../../component/notes.tsx";
import { PagedList, usePages } from "../../component/pages.tsx";
import { Samples } from "../../component/samples.tsx";
import { View } from "../../component/view.tsx";
import { formatCount } from "../../format/number.ts";
import { pathTo, withQuery } from "../../route/path.ts";
import { changeQuery, currentRoute } from "../../route/route.ts";
import { NoLabels } from "./no-labels.tsx";

const PAGE_SIZE = "60";
const MIN_ROWS = 40;
const REFRESH_MS = 60_000;

export function LabelsView() {
  const { data: models } = useModels();
  const { query } = currentRoute.value;
  const model = query.get("model") ?? models?.[0]?.name;
  return (
    <View
      title="Labels"
      parents={[["Datasets", withQuery(pathTo("datasets"), { model })]]}
      header={
        <div class="pair">
          <ModelFilter any={false} chosen={model} />
          {model && <ClassFilter key={model} model={model} chosen={query.get("class") ?? ""} />}
          {query.get("source") && (
            <button type="button" onClick={() => changeQuery({ source: undefined })}>
              Source: {query.get("source")} ×
            </button>
          )}
        </div>
      }
    >
      {model ? <Gallery model={model} /> : <Loading what="models" />}
    </View>
  );
}

function ClassFilter({ model, chosen }: { model: string; chosen: string }) {
  const { data } = useResource(
    `labels ${model}`,
    () => readBody(api().labels[":model"].counts.$get({ param: { model } })),
    { everyMs: REFRESH_MS, on: "labels." },
  );
  return (
    <label class="filter">
      Class{" "}
      <select value={chosen} onChange={(event) => changeQuery({ class: event.currentTarget.value })}>
        <option value="">any{data && ` (${formatCount(data.total)})`}</option>
        {data?.classes.map(({ class: name, items }) => (
          <option key={name} value={name}>
            {name} ({formatCount(items)})
          </option>
        ))}
      </select>
    </label>
  );
}

function Gallery({ model }: { model: string }) {
  const { query } = currentRoute.value;
  const classes = useClasses(model);
  const filters = {
    ...(query.get("class") && { class: query.get("class")! }),
    ...(query.get("source") && { source: query.get("source")! }),
  };
  const labels = usePages(
    `gallery ${model} ${JSON.stringify(filters)}`,
    (cursor) =>
      readBody(
        api().labels[":model"].$get({
          param: { model },
          query: { ...filters, images: "true", limit: PAGE_SIZE, ...(cursor && { cursor }) },
        }),
      ),
    ({ key }) => key,
    { on: "labels.", minRows: MIN_ROWS },
  );
  const filtered = Object.keys(filters).length > 0;
  return (
    <PagedList
      pages={labels}
      what="labels"
      empty={<NoLabels title={filtered ? "No labels match the filters" : "No labels"} model={model} />}
    >
      {(all) => (
        <Samples
          of={all.map((label) => ({ ...label, href: pathTo("label", model, label.key) }))}
          classes={classes}
        />
      )}
    </PagedList>
  );
}
