import * as z from "zod";

const SECONDS = { second: 1, minute: 60, hour: 3_600, day: 86_400 } as const;
type Unit = keyof typeof SECONDS;

export type Duration = `${number} ${Unit | `${Unit}s`}`;

/** "30 minutes", "1 day": the same spelling SST uses. */
export const Duration = z.templateLiteral([
  z.number().positive(),
  " ",
  z.enum(["second", "seconds", "minute", "minutes", "hour", "hours", "day", "days"]),
]);

export function seconds(duration: Duration): number {
  const [amount, unit] = duration.split(" ") as [string, string];
  return Number(amount) * SECONDS[unit.replace(/s$/, "") as Unit];
}
