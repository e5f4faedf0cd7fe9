// What a review ended in, in words: of the command line, of a trace, and of whoever is refused for it. The page says the
// same, and may not import it.
import type { Prediction } from "../prediction/prediction.ts";

/** "agreed: car", "truck, not car", "1 box", "dismissed" */
export function saidOf({ review, summary }: Pick<Prediction, "review" | "summary">): string {
  if (review?.status !== "settled") return review?.status ?? "";
  const { label, boxes = 0, agreed } = review;
  const said = label ?? (boxes === 1 ? "1 box" : `${boxes} boxes`);
  if (agreed) return `agreed: ${said}`;
  return label === undefined || summary?.class === undefined ? said : `${said}, not ${summary.class}`;
}

/** "ada settled it (truck, not car) at 2026-11-21T04:00:00.000Z", "ada dismissed it at ..." */
export function endOf(prediction: Pick<Prediction, "review" | "summary">): string {
  const { status, endedBy, endedAt } = prediction.review!;
  const what = status === "settled" ? ` (${saidOf(prediction)})` : "";
  return `${endedBy} ${status} it${what} at ${endedAt}`;
}
