import * as z from "zod";

const SECONDS = { second: 1, minute: 60, hour: 3_600, day: 86_400 } as const;
type Unit = keyof typeof SECONDS;

export type Duration = `${number} ${Unit | `${Unit}s`}`;

/** In SST's syntax: "30 minutes", "1 day". */
export const Duration = z
  .templateLiteral(
    [z.number(), " ", z.enum(["second", "seconds", "minute", "minutes", "hour", "hours", "day", "days"])],
    "must be a number and its unit, such as `90 seconds`, `45 minutes`, `2 hours` or `1 day`",
  )
  .refine((duration) => seconds(duration) >= 1, "must be at least 1 second");

/** Rounded to whole seconds. */
export function seconds(duration: Duration): number {
  const [amount, unit] = duration.split(" ") as [string, string];
  return Math.round(Number(amount) * SECONDS[unit.replace(/s$/, "") as Unit]);
}
