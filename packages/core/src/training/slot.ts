// One run of a model at a time: a conditional write decides between two that start together.
import { db, type Writers } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { getRunItem } from "./read.ts";
import { hasEnded } from "./training.ts";

export interface Slot {
  /** The ended run that still holds it. */
  heldBy?: string;
}

/** Throws while another run of the model is active. */
export async function findFreeSlot(model: string): Promise<Slot> {
  const { data } = await db().entities.trainingSlot.get({ model }).go({ consistent: true });
  if (!data) return {};
  const holder = await getRunItem(data.run);
  if (!holder || hasEnded(holder.status)) return { heldBy: data.run };
  throw trainingBusyError(model, data.run, holder.status);
}

export function trainingBusyError(model: string, run: string, status: string) {
  return new SluiceError("TRAINING_BUSY", `${model} is already being trained: ${run} is ${status}.`, {
    hint: `Follow it with \`npx sluice trainings logs ${run} -f\`, stop it with \`npx sluice trainings stop ${run}\`, or start a second with --force.`,
    details: { run },
  });
}

export const takeSlot = ({ trainingSlot }: Writers, model: string, run: string, { heldBy }: Slot) =>
  trainingSlot
    .put({ model, run })
    .where((is, { eq, notExists }) => (heldBy === undefined ? notExists(is.run) : eq(is.run, heldBy)))
    .commit();
