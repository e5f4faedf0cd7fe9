// One prediction: what was looked at, what was found and how sure, how it went, and what can be done about it.
import { useEffect } from "preact/hooks";
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { api, body } from "../../api/client.ts";
import { onLive } from "../../api/live.ts";
import { type Model, useModels } from "../../api/models.ts";
import { useRemote } from "../../api/remote.ts";
import { ErrorNote, Shown } from "../../component/note.tsx";
import { Facts, Panel } from "../../component/panel.tsx";
import { Status } from "../../component/status.tsx";
import { Time } from "../../component/time.tsx";
import { fileName } from "../../format/file.ts";
import { bytes } from "../../format/number.ts";
import { to, withQuery } from "../../route/route.ts";
import { verdictOf } from "../predictions/finding.ts";
import { drawingOf } from "../review/drawings.ts";
import { Chain } from "../trace/chain.tsx";
import { Actions } from "./actions.tsx";
import { Found } from "./found.tsx";
import { Input } from "./input.tsx";
import { Raw } from "./raw.tsx";
import { Review } from "./review.tsx";
import { Steps } from "./steps.tsx";

export function PredictionView({ id }: { id: string }) {
  const remote = useRemote(`prediction ${id}`, () => body(api().predictions[":id"].$get({ param: { id } })));
  const { reload } = remote;
  useEffect(
    () => onLive<Prediction>("prediction", (changed) => void (changed.id === id && reload())),
    [id, reload],
  );
  const { data: models } = useModels();
  return (
    <Shown remote={remote} what="the prediction">
      {(prediction) => (
        <One
          prediction={prediction}
          model={models?.find(({ name }) => name === prediction.model)}
          reload={reload}
        />
      )}
    </Shown>
  );
}

interface OneProps {
  prediction: Prediction;
  model: Model | undefined;
  reload: () => void;
}

function One({ prediction, model, reload }: OneProps) {
  const { id, status, source, error, image, attempts } = prediction;
  const has = prediction.resultKey !== undefined;
  const result = useRemote(`result ${id} ${prediction.finishedAt}`, async () =>
    has ? body(api().predictions[":id"].result.$get({ param: { id } })) : null,
  );
  const drawing = drawingOf(prediction, result.data ?? undefined, model);
  return (
    <article class="one">
      <header class="title">
        <p class="crumbs">
          <a href={to()}>Predictions</a> /{" "}
          <a href={withQuery(to(), { model: prediction.model })}>{prediction.model}</a>
        </p>
        <h1>{fileName(source.key)}</h1>
        <p class="verdict">
          <Status of={status} />
          <strong>{verdictOf(prediction)}</strong>
          <Time at={prediction.uploadedAt ?? prediction.createdAt} />
        </p>
        <Actions prediction={prediction} model={model} />
      </header>
      {error && <ErrorNote error={error} />}
      <div class="halves">
        <div class="stack">
          <Input prediction={prediction} result={result.data ?? undefined} drawing={drawing} />
          <Panel title="Facts" class="later">
            <Facts
              of={[
                ["Model", <a href={to("model", prediction.model)}>{prediction.model}</a>],
                ["Version", prediction.modelVersion && <code>{prediction.modelVersion}</code>],
                ["Endpoint", prediction.endpoint && <code>{prediction.endpoint}</code>],
                ["Attempts", attempts],
                ["File", <code>{source.key}</code>],
                [
                  "Size",
                  [
                    source.size !== undefined && bytes(source.size),
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
          {result.data && <Found result={result.data} model={model} />}
          <Review
            prediction={prediction}
            model={model}
            result={result.data ?? undefined}
            drawing={drawing}
            reload={reload}
          />
          <Steps prediction={prediction} />
          {prediction.modelVersion && (
            <Panel title="Lineage">
              <Chain key={prediction.changedAt} id={id} />
            </Panel>
          )}
        </div>
      </div>
    </article>
  );
}
