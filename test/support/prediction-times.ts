import { dayOf } from "@sluice/core/table.ts";

/** The time attributes of the record of a prediction that ended at this ISO instant. */
export function timesAt(instant: string) {
  const day = dayOf(instant);
  return { createdAt: instant, day, bucket: day, changedAt: instant, changedDay: day };
}
