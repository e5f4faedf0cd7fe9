import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { Time } from "../../component/time.tsx";
import { to } from "../../route/route.ts";
import { saidOf } from "./verdict.tsx";

/** What was said, by whom, and where it went. */
export function Ended({ prediction }: { prediction: Prediction }) {
  const { review, model } = prediction;
  if (!review?.endedAt) return null;
  return (
    <p role="status">
      <strong>{saidOf(prediction)}</strong>{" "}
      <span class="faint">
        by {review.endedBy}, <Time at={review.endedAt} />
      </span>{" "}
      {review.key && <a href={to("label", model, review.key)}>Its label</a>}
    </p>
  );
}
