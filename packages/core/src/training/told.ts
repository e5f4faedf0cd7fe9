import type { Kept } from "../event/about.ts";
import type { TrainingRunItem } from "./training.entity.ts";

/** The event of a run as it now is. */
export function told(run: TrainingRunItem): Kept {
  return { type: "training.changed", detail: { ...run } };
}
