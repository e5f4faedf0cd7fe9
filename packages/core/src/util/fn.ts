import "@sluice/models/plain-messages.ts";
import type * as z from "zod";
import { invalidInput } from "../error/error.ts";

/** A function that validates its input, with its schema as a property. */
export function fn<S extends z.ZodType, R>(schema: S, body: (input: z.output<S>) => Promise<R> | R) {
  const checked = async (input: z.input<S>): Promise<R> => {
    const parsed = schema.safeParse(input);
    if (!parsed.success) throw invalidInput(parsed.error);
    return body(parsed.data);
  };
  return Object.assign(checked, { schema });
}
