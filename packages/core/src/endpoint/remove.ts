// Deletes an endpoint. Its versions stay, and uploads wait until a version is deployed again.
import { db } from "../db.ts";
import { deleteAlarms } from "../deployment/alarms.ts";
import { getRunningDeployment } from "../deployment/read.ts";
import { removeScaling } from "../deployment/scaling.ts";
import { deleteEndpoint } from "../deployment/serving.ts";
import { abortDeployment } from "../deployment/abort.ts";
import { SluiceError } from "../error/error.ts";
import { modelOfEndpoint } from "../model/model.ts";
import type { Endpoint } from "./endpoint.ts";
import { getEndpoint } from "./read.ts";

export async function removeEndpoint(name: string, by: string, now: number): Promise<Endpoint> {
  const endpoint = await getEndpoint(name);
  const behind = modelOfEndpoint(name);
  if (!behind)
    throw new SluiceError("ENDPOINT_UNKNOWN", `${name} does not belong to a declared model.`, {
      details: { name },
    });
  if (await getRunningDeployment(endpoint.model)) await abortDeployment(endpoint.model, by, now);
  if (endpoint.target !== "serverless" && !behind.candidate) await removeScaling(name);
  if (!behind.candidate) await deleteAlarms(name);
  if (!(await deleteEndpoint(name)))
    throw new SluiceError("DEPLOYMENT_CONFLICT", `${name} is ${endpoint.status} and cannot be deleted now.`, {
      hint: "Wait until it is in service, then delete it again.",
    });
  if (!behind.candidate)
    await db()
      .entities.traffic.update({ model: endpoint.model })
      .remove([
        "version",
        "endpoint",
        "target",
        "probabilityClasses",
        "candidate",
        "responses",
        "failures",
        "opening",
      ])
      .set({ changedAt: new Date(now).toISOString() })
      .go({ response: "none" });
  return { ...endpoint, status: "Deleting" };
}
