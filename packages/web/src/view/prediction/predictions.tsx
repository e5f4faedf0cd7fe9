// The start page: uploads files to models and lists predictions.
import { useMemo } from "preact/hooks";
import { useModels } from "../../api/models.ts";
import { Empty, ErrorNote, Loading } from "../../component/notes.tsx";
import { currentRoute } from "../../route/route.ts";
import { FilterBar } from "./filter-bar.tsx";
import { getFeed } from "./feeds.ts";
import { readFilters } from "./filters.ts";
import { ModelTiles } from "./model-tiles.tsx";
import { PredictionTable } from "./table.tsx";
import { UploadTray } from "./upload-tray.tsx";

export function PredictionsView() {
  const { data: models, error, reload } = useModels();
  const filters = readFilters(currentRoute.value.query);
  const names = models?.map(({ name }) => name);
  const feed = useMemo(() => names && getFeed(filters, names), [JSON.stringify([filters, names])]);

  return (
    <div class="predictions">
      <h1 class="hidden">Predictions</h1>
      {error && <ErrorNote error={error} retry={reload} />}
      {models?.length === 0 && (
        <Empty title="No models are declared" command="npx sluice doctor">
          Add a file to packages/models/src and list it in index.ts.
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
