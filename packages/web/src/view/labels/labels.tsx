// What a model has to learn from, one class at a time: pictures with what people said they show, or texts.
import { api, body } from "../../api/client.ts";
import { useModels } from "../../api/models.ts";
import { useRemote } from "../../api/remote.ts";
import { ModelFilter } from "../../component/model-filter.tsx";
import { Empty, Loading, Shown } from "../../component/note.tsx";
import { More, usePages } from "../../component/pages.tsx";
import { Samples } from "../../component/samples.tsx";
import { count } from "../../format/number.ts";
import { changeQuery, place, to, withQuery } from "../../route/route.ts";

const PAGE = "60";
const ENOUGH = 40;
const REFRESH_MS = 60_000;

export function LabelsView() {
  const { data: models } = useModels();
  const { query } = place.value;
  const model = query.get("model") ?? models?.[0]?.name;
  return (
    <article class="one">
      <header class="title">
        <p class="crumbs">
          <a href={withQuery(to("datasets"), { model })}>Datasets</a>
        </p>
        <h1>Labels</h1>
        <div class="pair">
          <ModelFilter any={false} chosen={model} />
          {model && <ClassFilter key={model} model={model} chosen={query.get("class") ?? ""} />}
          {query.get("source") && (
            <button type="button" onClick={() => changeQuery({ source: undefined })}>
              Only from {query.get("source")} ×
            </button>
          )}
        </div>
      </header>
      {model ? <Gallery model={model} /> : <Loading what="models" />}
    </article>
  );
}

function ClassFilter({ model, chosen }: { model: string; chosen: string }) {
  const { data } = useRemote(
    `labels ${model}`,
    () => body(api().labels[":model"].counts.$get({ param: { model } })),
    { everyMs: REFRESH_MS, on: "labels." },
  );
  return (
    <label class="filter">
      Class{" "}
      <select value={chosen} onChange={(event) => changeQuery({ class: event.currentTarget.value })}>
        <option value="">any{data && ` (${count(data.total)})`}</option>
        {data?.classes.map(({ class: name, items }) => (
          <option key={name} value={name}>
            {name} ({count(items)})
          </option>
        ))}
      </select>
    </label>
  );
}

function Gallery({ model }: { model: string }) {
  const { query } = place.value;
  const wanted = {
    ...(query.get("class") && { class: query.get("class")! }),
    ...(query.get("source") && { source: query.get("source")! }),
  };
  const labels = usePages(
    `gallery ${model} ${JSON.stringify(wanted)}`,
    (cursor) =>
      body(
        api().labels[":model"].$get({
          param: { model },
          query: { ...wanted, images: "true", limit: PAGE, ...(cursor && { cursor }) },
        }),
      ),
    ({ key }) => key,
    { on: "labels.", atLeast: ENOUGH },
  );
  return (
    <Shown remote={labels} what="labels">
      {(all) =>
        all.length === 0 ? (
          <Empty
            title={Object.keys(wanted).length > 0 ? "No label of this kind" : "No label yet"}
            command={`npx sluice dataset import FOLDER --model ${model}`}
          >
            Class folders, CSV, COCO, YOLO, Pascal VOC or Ground Truth files are taken.
          </Empty>
        ) : (
          <div class="stack">
            <Samples of={all.map((label) => ({ ...label, href: to("label", model, label.key) }))} />
            <More of={labels.rest} />
          </div>
        )
      }
    </Shown>
  );
}
