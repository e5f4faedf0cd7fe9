import { toSluiceError } from "../error/error.ts";
import type { Found } from "./trace.ts";

/** A link of the trace, or a gap in it, and the steps that follow. Those of a known link are not taken again. */
export interface Step {
  link?: Found;
  gap?: string;
  next?: () => Promise<Step[]>;
}

/** The steps of a record. A record that was deleted, or never existed, leaves a gap. */
export async function ifFound<T>(
  kind: string,
  read: Promise<T>,
  steps: (found: T) => Step[] | Promise<Step[]>,
): Promise<Step[]> {
  let found: T;
  try {
    found = await read;
  } catch (error) {
    const { category, message } = toSluiceError(error);
    if (category !== "missing") throw error;
    return [{ gap: `${kind}: ${message}` }];
  }
  return steps(found);
}
