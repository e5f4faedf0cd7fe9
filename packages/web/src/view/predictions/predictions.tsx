// Home: drop files onto a model, and watch what becomes of them among all the others.
import { useMemo, useRef } from "preact/hooks";
import { useModels } from "../../api/models.ts";
import { Empty, ErrorNote, Loading } from "../../component/note.tsx";
import { place } from "../../route/route.ts";
import { FilterBar } from "./filter-bar.tsx";
import { feedOf } from "./feeds.ts";
import { readFilters } from "./filters.ts";
import { ModelTiles } from "./model-tiles.tsx";
import { PredictionTable } from "./table.tsx";
import { UploadTray } from "./upload-tray.tsx";

export function PredictionsView() {
  const { data: models, error, reload } = useModels();
  const filters = readFilters(place.value.query);
  const names = models?.map(({ name }) => name);
  const feed = useMemo(() => names && feedOf(filters, names), [JSON.stringify([filters, names])]);
  // A list that was looked at before begins where it was left.
  const shown = useRef(feed);
  shown.current = feed;

  return (
    <div class="predictions">
      <h1 class="hidden">Predictions</h1>
      {error && <ErrorNote error={error} retry={reload} />}
      {models?.length === 0 && (
        <Empty title="No model is declared" command="npx sluice doctor">
          Write a file in packages/models/src and list it in index.ts.
        </Empty>
      )}
      {models && models.length > 0 ? (
        <>
          <ModelTiles models={models} chosen={filters.model} />
          <UploadTray />
          <FilterBar models={models} filters={filters} />
          {feed && (
            <PredictionTable key={JSON.stringify(filters)} feed={feed} filters={filters} models={models} />
          )}
        </>
      ) : (
        !error && <Loading what="models" />
      )}
    </div>
  );
}
