import * as z from "zod";

const Item = z.object({
  /** The paid service, for people. */
  what: z.string(),
  /** The multiplication, in words and numbers. */
  formula: z.string(),
  dollars: z.number(),
});

export const Estimate = z.object({ dollars: z.number(), items: z.array(Item), pricesOf: z.string() });
export type Estimate = z.output<typeof Estimate>;
export type CostItem = z.output<typeof Item>;
