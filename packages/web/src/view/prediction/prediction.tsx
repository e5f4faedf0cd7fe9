import { useEffect } from "preact/hooks";
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { api, readBody } from "../../api/client.ts";
import { onLive } from "../../api/live.ts";
import { type Model, useModels } from "../../api/models.ts";
import { useResource } from "../../api/resource.ts";
import { ErrorNote, Loaded } from "../../component/notes.tsx";
import { Properties, Panel } from "../../component/panel.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { View } from "../../component/view.tsx";
import { fileName } from "../../format/file.ts";
import { formatBytes } from "../../format/number.ts";
import { pathTo, withQuery } from "../../route/path.ts";
import { formatPrediction } from "../../component/prediction/summary.ts";
import { openDrawing } from "../review/drawings.ts";
import { Lineage } from "../trace/lineage.tsx";
import { Actions } from "./actions.tsx";
import { ResultPanel } from "../../component/prediction/result.tsx";
import { InputPanel } from "../../component/prediction/input.tsx";
import { Raw } from "./raw.tsx";
import { Review } from "./review.tsx";
import { Timings } from "./timings.tsx";

export function PredictionView({ id }: { id: string }) {
  const resource = useResource(`prediction ${id}`, () =>
    readBody(api().predictions[":id"].$get({ param: { id } })),
  );
  const { reload } = resource;
  useEffect(
    () => onLive<Prediction>("prediction", (changed) => void (changed.id === id && reload())),
    [id, reload],
  );
  const { data: models } = useModels();
  return (
    <Loaded resource={resource} what="the prediction">
      {(prediction) => (
        <PredictionPage
          prediction={prediction}
          model={models?.find(({ name }) => name === prediction.model)}
          reload={reload}
        />
      )}
    </Loaded>
  );
}

interface PredictionPageProps {
  prediction: Prediction;
  model: Model | undefined;
  reload: () => void;
}

function PredictionPage({ prediction, model, reload }: PredictionPageProps) {
  const { id, status, source, error, image, attempts } = prediction;
  const hasResult = prediction.resultKey !== undefined;
  const result = useResource(`result ${id} ${prediction.finishedAt}`, async () =>
    hasResult ? readBody(api().predictions[":id"].result.$get({ param: { id } })) : null,
  );
  const drawing = openDrawing(prediction, result.data ?? undefined, model);
  return (
    <View
      title={fileName(source.key)}
      parents={[
        ["Predictions", pathTo()],
        [prediction.model, withQuery(pathTo(), { model: prediction.model })],
      ]}
      header={
        <>
          <p class="verdict">
            <Status of={status} />
            <strong>{formatPrediction(prediction)}</strong>
            <Time at={prediction.uploadedAt ?? prediction.createdAt} />
          </p>
          <Actions prediction={prediction} model={model} />
        </>
      }
    >
      {error && <ErrorNote error={error} />}
      <div class="halves">
        <div class="stack">
          <InputPanel
            prediction={prediction}
            result={result.data ?? undefined}
            model={model}
            drawing={drawing}
          />
          <Panel title="Details" class="later">
            <Properties
              of={[
                ["Model", <a href={pathTo("model", prediction.model)}>{prediction.model}</a>],
                ["Version", prediction.modelVersion && <code>{prediction.modelVersion}</code>],
                ["Endpoint", prediction.endpoint && <code>{prediction.endpoint}</code>],
                ["Attempts", attempts],
                ["Key", <code>{source.key}</code>],
                [
                  "Size",
                  [
                    source.size !== undefined && formatBytes(source.size),
                    image && `${image.width} × ${image.height}`,
                  ]
                    .filter(Boolean)
                    .join(", "),
                ],
                ["Type", source.contentType],
                ["Object version", source.versionId && <code>{source.versionId}</code>],
                ["Uploaded", <Time at={prediction.uploadedAt} />],
                ["Finished", prediction.finishedAt && <Time at={prediction.finishedAt} />],
                ["Id", <code>{id}</code>],
              ]}
            />
          </Panel>
          <Raw id={id} prediction={prediction} result={result.data ?? undefined} />
        </div>
        <div class="stack">
          {result.error && <ErrorNote error={result.error} retry={result.reload} />}
          {result.data && <ResultPanel result={result.data} model={model} />}
          <Review
            prediction={prediction}
            model={model}
            result={result.data ?? undefined}
            drawing={drawing}
            reload={reload}
          />
          <Timings prediction={prediction} />
          {prediction.modelVersion && (
            <Panel title="Trace">
              <Lineage key={prediction.changedAt} id={id} />
            </Panel>
          )}
        </div>
      </div>
    </View>
  );
}
