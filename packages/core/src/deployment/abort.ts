import { SluiceError } from "../error/error.ts";
import { Deployment } from "./deployment.ts";
import { noCandidate } from "./next.ts";
import { getRunningDeployment } from "./read.ts";
import { restoreScaling } from "./scaling.ts";
import { updateDeployment } from "./write.ts";

/** Aborts the running deployment. The live version serves all predictions again. */
export async function abortDeployment(model: string, by: string, now: number): Promise<Deployment> {
  const item = await getRunningDeployment(model);
  if (!item) throw new SluiceError("DEPLOYMENT_UNKNOWN", `No deployment of ${model} is running.`);
  const finishedAt = new Date(now).toISOString();
  const reason = `Aborted by ${by}.`;
  const moved = await updateDeployment(item, { status: "failed", reason, finishedAt }, now, {
    ...noCandidate,
    opening: null,
  });
  if (!moved)
    throw new SluiceError(
      "DEPLOYMENT_CONFLICT",
      `The deployment of ${model} was changed by another request at the same time.`,
    );
  await restoreScaling(item);
  return Deployment.parse(moved);
}
