import { api, readBody } from "../../api/client.ts";
import { useClasses, useModels } from "../../api/models.ts";
import { ModelFilter } from "../../component/model-filter.tsx";
import { Loading } from "../../component/notes.tsx";
import { PagedList, usePages } from "../../component/pages.tsx";
import { Samples } from "../../component/samples.tsx";
import { Select } from "../../component/select.tsx";
import { View } from "../../component/view.tsx";
import { formatCount } from "../../format/number.ts";
import { pathTo, withQuery } from "../../route/path.ts";
import { changeQuery, queryOf } from "../../route/route.ts";
import { useLabelCounts } from "./counts.ts";
import { NoLabels } from "./no-labels.tsx";

const PAGE_SIZE = "60";
const MIN_ROWS = 40;

export function LabelsView() {
  const { data: models } = useModels();
  const { model = models?.[0]?.name, class: name = "", source } = queryOf("model", "class", "source");
  return (
    <View
      title="Labels"
      parents={[["Datasets", withQuery(pathTo("datasets"), { model })]]}
      header={
        <div class="pair">
          <ModelFilter any={false} chosen={model} />
          {model && <ClassFilter key={model} model={model} chosen={name} />}
          {source && (
            <button type="button" onClick={() => changeQuery({ source: undefined })}>
              Source: {source} ×
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
  const { data } = useLabelCounts(model);
  return (
    <label class="filter">
      Class{" "}
      <Select
        value={chosen}
        none={data ? `any (${formatCount(data.total)})` : "any"}
        options={data?.classes.map((row) => row.class) ?? []}
        textOf={(name, index) => `${name} (${formatCount(data!.classes[index]!.items)})`}
        change={(name) => changeQuery({ class: name })}
      />
    </label>
  );
}

function Gallery({ model }: { model: string }) {
  const classes = useClasses(model);
  const filters = queryOf("class", "source");
  const labels = usePages(
    `gallery ${model} ${JSON.stringify(filters)}`,
    (page) =>
      readBody(
        api().labels[":model"].$get({
          param: { model },
          query: { ...filters, images: "true", limit: PAGE_SIZE, ...page },
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
