import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { Time } from "../../component/time.tsx";
import { pathTo } from "../../route/path.ts";
import { describeReview } from "./verdict.tsx";

/** The result of a closed review, with a link to its label. */
export function ReviewOutcome({ prediction }: { prediction: Prediction }) {
  const { review, model } = prediction;
  if (!review?.endedAt) return null;
  return (
    <p role="status">
      <strong>{describeReview(prediction)}</strong>{" "}
      <span class="faint">
        by {review.endedBy}, <Time at={review.endedAt} />
      </span>{" "}
      {review.key && <a href={pathTo("label", model, review.key)}>Show label</a>}
    </p>
  );
}
