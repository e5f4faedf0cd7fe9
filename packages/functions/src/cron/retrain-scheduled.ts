import { getModel } from "@sluice/core/model/model.ts";
import { checkRetrain } from "@sluice/core/retrain/check.ts";

/** A schedule may deliver the same time twice. */
export async function handler({ scheduledTime: at }: { scheduledTime: string }) {
  const { name } = getModel(process.env.SLUICE_MODEL ?? "");
  const cause = { id: `schedule ${at}`, at };
  await checkRetrain(name, { trigger: "schedule", cause, always: true }, Date.now());
}
