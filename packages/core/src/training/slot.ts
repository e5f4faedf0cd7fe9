// One run of a model at a time: a conditional write decides between two that start together.
import { db, type Writers } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { itemOf } from "./read.ts";
import { isOver } from "./training.ts";

export interface Slot {
  /** The run that holds it; one that is over lets go of it. */
  held?: string;
}

/** Refuses while another run of the model is under way. */
export async function freeSlot(model: string): Promise<Slot> {
  const { data } = await db().entities.trainingSlot.get({ model }).go({ consistent: true });
  if (!data) return {};
  const holder = await itemOf(data.run);
  if (!holder || isOver(holder.status)) return { held: data.run };
  throw busy(model, data.run, holder.status);
}

export function busy(model: string, run: string, status: string) {
  return new SluiceError("TRAINING_BUSY", `${model} is being trained already: ${run} is ${status}.`, {
    hint: `Follow it with \`sluice training logs ${run} -f\`, stop it with \`sluice training stop ${run}\`, or start a second with --force.`,
    details: { run },
  });
}

/** The part of the transaction that takes it from `held`, or from nobody. */
export const take = ({ trainingSlot }: Writers, model: string, run: string, { held }: Slot) =>
  trainingSlot
    .put({ model, run })
    .where((is, { eq, notExists }) => (held === undefined ? notExists(is.run) : eq(is.run, held)))
    .commit();
