import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { Time } from "../../component/time.tsx";
import { percent } from "../../format/number.ts";

/** Why it waits, and since when. */
export function Asked({ prediction: { review, summary } }: { prediction: Prediction }) {
  if (!review) return null;
  const why =
    review.requestedBy === undefined
      ? `held back by the gate${summary?.threshold === undefined ? "" : `, which asks for ${percent(summary.threshold)}`}`
      : `asked for by ${review.requestedBy}${review.note ? `: “${review.note}”` : ""}`;
  return (
    <span class="faint">
      {why}, <Time at={review.openedAt} />
    </span>
  );
}
