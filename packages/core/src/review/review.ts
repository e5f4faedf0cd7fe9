// The review of a prediction by a person. It is stored in the prediction's record.
import * as z from "zod";

/** The source of labels from reviews. */
export const reviewSource = "review";

/** An open review ends once. */
export const reviewStatuses = ["open", "resolved", "dismissed"] as const;
/**
 * Its confidence is below the threshold, a person requested the review, or it is part of the random share of confident
 * predictions. `certain`: never open; a certain prediction was accepted as a label.
 */
export const reviewReasons = ["rejected", "requested", "sampled", "certain"] as const;

export const Review = z.object({
  status: z.enum(reviewStatuses),
  reason: z.enum(reviewReasons),
  /** Part of the random share, of confident predictions and of those below the threshold. */
  sampled: z.boolean().optional(),
  openedAt: z.string(),
  requestedBy: z.string().optional(),
  note: z.string().optional(),
  /** The name of the token that resolved or dismissed it. */
  endedBy: z.string().optional(),
  endedAt: z.string().optional(),
  /** The verdict: a class, or the number of boxes. */
  label: z.string().optional(),
  boxes: z.number().int().optional(),
  /** Of the verdict. Equal digests are the same verdict. */
  digest: z.string().optional(),
  /** Whether the verdict equals the prediction. */
  agreed: z.boolean().optional(),
  /** The key of the label. */
  key: z.string().optional(),
});
export type Review = z.output<typeof Review>;

/** Older records have `settled` for a resolved review, and `true` for an open one. */
export function readStoredReview(stored: unknown): Review | undefined {
  if (typeof stored !== "object" || stored === null) return undefined;
  const review = stored as Review;
  return (review.status as string) === "settled" ? { ...review, status: "resolved" } : review;
}

type Opening = Pick<Review, "reason" | "sampled" | "requestedBy" | "note">;

/** The fields of an open review, with those of the index of open reviews. */
export function openReview(
  { id, model }: { id: string; model: string },
  now: number,
  { reason, sampled, requestedBy, note }: Opening = { reason: "rejected" },
) {
  const openedAt = new Date(now).toISOString();
  const review: Review = {
    status: "open",
    reason,
    openedAt,
    ...(sampled && { sampled }),
    ...(requestedBy !== undefined && { requestedBy }),
    ...(note && { note }),
  };
  return { review, reviewing: model, reviewPlace: `${openedAt} ${id}` };
}
