import { SluiceError } from "../error/error.ts";
import { Deployment } from "./deployment.ts";
import { noCandidate } from "./next.ts";
import { running } from "./read.ts";
import { rescale } from "./scaling.ts";
import { move } from "./write.ts";

/** Gives up what is under way; the live version answers everything again. */
export async function withdraw(model: string, by: string, now: number): Promise<Deployment> {
  const item = await running(model);
  if (!item) throw new SluiceError("DEPLOYMENT_UNKNOWN", `No deployment of ${model} is under way.`);
  const finishedAt = new Date(now).toISOString();
  const reason = `Given up by ${by}.`;
  const moved = await move(item, { status: "failed", reason, finishedAt }, now, {
    ...noCandidate,
    opening: null,
  });
  if (moved) {
    await rescale(item);
    return Deployment.parse(moved);
  }
  throw new SluiceError("DEPLOYMENT_CONFLICT", `The deployment of ${model} changed at this moment.`);
}
