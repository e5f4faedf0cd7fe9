// Whether a person should look at it, did, or is asked here.
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import type { Result } from "@sluice/core/inference/result.ts";
import { useState } from "preact/hooks";
import { api, body } from "../../api/client.ts";
import type { Drawing } from "../../component/boxes/drawing.ts";
import type { Model } from "../../api/models.ts";
import { type ApiError, asApiError } from "../../api/problem.ts";
import { ErrorNote } from "../../component/note.tsx";
import { Panel } from "../../component/panel.tsx";
import { to, withQuery } from "../../route/route.ts";
import { Asked } from "../review/asked.tsx";
import { Ended } from "../review/ended.tsx";
import { settle, Verdict, type Wish } from "../review/verdict.tsx";

interface ReviewProps {
  prediction: Prediction;
  model: Model | undefined;
  result: Result | undefined;
  drawing: Drawing | undefined;
  reload: () => void;
}

export function Review({ prediction, model, result, drawing, reload }: ReviewProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const { id, status, review } = prediction;
  if (status !== "completed" && status !== "rejected") return null;
  const doing = (work: Promise<unknown>) => {
    setBusy(true);
    setError(undefined);
    work
      .then(reload, (thrown: unknown) => {
        setError(asApiError(thrown));
        reload();
      })
      .finally(() => setBusy(false));
  };
  const ask = (event: SubmitEvent) => {
    event.preventDefault();
    const note = String(new FormData(event.target as HTMLFormElement).get("note")).trim();
    doing(body(api().reviews[":id"].$post({ param: { id }, json: note ? { note } : {} })));
  };
  return (
    <Panel
      title="Review"
      aside={
        review?.status === "open" && (
          <a href={withQuery(to("review"), { model: prediction.model })}>All open</a>
        )
      }
    >
      {!review && (
        <form class="say" onSubmit={ask}>
          <input
            name="note"
            maxLength={1_000}
            placeholder="What looks wrong?"
            aria-label="What looks wrong, if you like"
          />
          <button type="submit" disabled={busy}>
            Send to review
          </button>
        </form>
      )}
      {review?.status === "open" && (
        <div class="stack">
          <p>
            <Asked prediction={prediction} />
          </p>
          {model && (
            <Verdict
              prediction={prediction}
              model={model}
              result={result}
              drawing={drawing}
              say={(wish: Wish) => doing(settle(id, wish))}
              disabled={busy}
            />
          )}
        </div>
      )}
      <Ended prediction={prediction} />
      {error && <ErrorNote error={error} />}
    </Panel>
  );
}
