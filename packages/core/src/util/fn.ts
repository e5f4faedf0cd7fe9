import type * as z from "zod";
import { invalidInput } from "../error/error.ts";

/** A domain function that checks its input on entry and publishes the schema it checks with. */
export function fn<S extends z.ZodType, R>(schema: S, body: (input: z.output<S>) => Promise<R> | R) {
  const checked = async (input: z.input<S>): Promise<R> => {
    const parsed = schema.safeParse(input);
    if (!parsed.success) throw invalidInput(parsed.error);
    return body(parsed.data);
  };
  return Object.assign(checked, { schema });
}
