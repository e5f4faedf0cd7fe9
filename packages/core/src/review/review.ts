// What became of a person's look at a prediction. It stands in the prediction's own record.
import * as z from "zod";

/** `open` goes to one of the others, once. */
export const reviewStatuses = ["open", "settled", "dismissed"] as const;
/** The gate held it back, or somebody asked. */
export const reviewReasons = ["rejected", "requested"] as const;

export const Review = z.object({
  status: z.enum(reviewStatuses),
  reason: z.enum(reviewReasons),
  openedAt: z.string(),
  requestedBy: z.string().optional(),
  note: z.string().optional(),
  /** Who settled or dismissed it, by the name of the token. */
  endedBy: z.string().optional(),
  endedAt: z.string().optional(),
  /** The verdict: a class, or how many boxes. */
  label: z.string().optional(),
  boxes: z.number().int().optional(),
  /** Of the verdict: two that say the same are one. */
  digest: z.string().optional(),
  /** Whether the model had said the same. */
  agreed: z.boolean().optional(),
  /** What the label stands under: the object's key, or a text's own. */
  key: z.string().optional(),
});
export type Review = z.output<typeof Review>;

interface Asked {
  requestedBy: string;
  note?: string;
}

/** An open review, with what puts it into the index of open ones. */
export function flagged({ id, model }: { id: string; model: string }, now: number, asked?: Asked) {
  const openedAt = new Date(now).toISOString();
  const review: Review = {
    status: "open",
    reason: asked ? "requested" : "rejected",
    openedAt,
    ...(asked && { requestedBy: asked.requestedBy }),
    ...(asked?.note && { note: asked.note }),
  };
  return { review, reviewing: model, reviewPlace: `${openedAt} ${id}` };
}
