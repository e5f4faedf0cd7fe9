// An endpoint that is wanted no longer. Its versions stay; uploads wait until one is deployed again.
import { db } from "../db.ts";
import { running } from "../deployment/read.ts";
import { unscale } from "../deployment/scaling.ts";
import { remove as removeEndpoint } from "../deployment/serving.ts";
import { withdraw } from "../deployment/withdraw.ts";
import { SluiceError } from "../error/error.ts";
import { behindEndpoint } from "../model/model.ts";
import type { Endpoint } from "./endpoint.ts";
import { fromName } from "./read.ts";

export async function remove(name: string, by: string, now: number): Promise<Endpoint> {
  const endpoint = await fromName(name);
  const behind = behindEndpoint(name);
  if (!behind)
    throw new SluiceError("ENDPOINT_UNKNOWN", `${name} belongs to no declared model.`, { details: { name } });
  if (await running(endpoint.model)) await withdraw(endpoint.model, by, now);
  if (endpoint.target !== "serverless" && !behind.candidate) await unscale(name);
  if (!(await removeEndpoint(name)))
    throw new SluiceError(
      "DEPLOYMENT_CONFLICT",
      `${name} is ${endpoint.status}; it can be deleted when that is over.`,
      {
        hint: "Wait until it is in service, then ask again.",
      },
    );
  if (!behind.candidate)
    await db()
      .entities.traffic.update({ model: endpoint.model })
      .remove(["version", "endpoint", "target", "bare", "candidate", "answers", "failures", "opening"])
      .set({ changedAt: new Date(now).toISOString() })
      .go({ response: "none" });
  return { ...endpoint, status: "Deleting" };
}
