import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import type { Result } from "@sluice/core/inference/result.ts";
import { api, readBody } from "../../api/client.ts";
import type { Model } from "../../api/models.ts";
import { useAction } from "../../component/action.tsx";
import type { Drawing } from "../../component/boxes/drawing.ts";
import { Panel } from "../../component/panel.tsx";
import { pathTo, withQuery } from "../../route/path.ts";
import { ReviewOutcome } from "../review/outcome.tsx";
import { ReviewReason } from "../review/reason.tsx";
import { saveVerdict, Verdict } from "../review/verdict.tsx";

interface ReviewProps {
  prediction: Prediction;
  model: Model | undefined;
  result: Result | undefined;
  drawing: Drawing | undefined;
  reload: () => void;
}

/** The review of a prediction, or a form that requests one. */
export function Review({ prediction, model, result, drawing, reload }: ReviewProps) {
  const { busy, run, result: message } = useAction();
  const { id, status, review } = prediction;
  if (status !== "completed" && status !== "rejected") return null;
  const runAndReload = (request: Promise<unknown>) =>
    void run(async () => void (await request.finally(reload)));
  const requestReview = (event: SubmitEvent) => {
    event.preventDefault();
    const note = String(new FormData(event.target as HTMLFormElement).get("note")).trim();
    runAndReload(readBody(api().reviews[":id"].$post({ param: { id }, json: note ? { note } : {} })));
  };
  return (
    <Panel
      title="Review"
      aside={
        review?.status === "open" && (
          <a href={withQuery(pathTo("review"), { model: prediction.model })}>All open reviews</a>
        )
      }
    >
      {!review && (
        <form class="controls" onSubmit={requestReview}>
          <input
            name="note"
            maxLength={1_000}
            placeholder="What looks wrong?"
            aria-label="What looks wrong (optional)"
          />
          <button type="submit" disabled={busy}>
            Request review
          </button>
        </form>
      )}
      {review?.status === "open" && (
        <div class="stack">
          <p>
            <ReviewReason prediction={prediction} />
          </p>
          {model && (
            <Verdict
              prediction={prediction}
              model={model}
              result={result}
              drawing={drawing}
              submit={(verdict) => runAndReload(saveVerdict(id, verdict))}
              disabled={busy}
            />
          )}
        </div>
      )}
      <ReviewOutcome prediction={prediction} />
      {message}
    </Panel>
  );
}
