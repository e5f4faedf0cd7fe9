import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { Time } from "../../component/time.tsx";
import { formatPercent } from "../../format/number.ts";

/** Why the review was opened, and when. */
export function ReviewReason({ prediction: { review, summary } }: { prediction: Prediction }) {
  if (!review) return null;
  const reason =
    review.reason === "sampled"
      ? "random sample, to measure the accuracy"
      : review.requestedBy === undefined
        ? `below threshold${summary?.threshold === undefined ? "" : ` (${formatPercent(summary.threshold)})`}`
        : `requested by ${review.requestedBy}${review.note ? `: “${review.note}”` : ""}`;
  return (
    <span class="faint">
      {reason}, <Time at={review.openedAt} />
    </span>
  );
}
