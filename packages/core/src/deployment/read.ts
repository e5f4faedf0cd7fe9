import * as z from "zod";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { getModel } from "../model/model.ts";
import { Traffic } from "../traffic/traffic.ts";
import { fn } from "../util/fn.ts";
import { pageOf } from "../util/page.ts";
import { Deployment } from "./deployment.ts";
import type { DeploymentItem } from "./deployment.entity.ts";

/** A model that failed more often in a row keeps some unused configs, which cost nothing. */
const RECENT = 50;

export const ListQuery = z.object({
  model: z.string(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
  cursor: z.string().optional(),
});

/** A model's deployments, newest first. */
export const listDeployments = fn(ListQuery, async ({ model, limit, cursor }) => {
  getModel(model);
  const query = db().entities.deployment.query.byTime({ model });
  return pageOf(query, { limit, cursor, order: "desc" }, (item) => Deployment.parse(item));
});

export async function recentDeployments(model: string): Promise<DeploymentItem[]> {
  const { data } = await db()
    .entities.deployment.query.byTime({ model })
    .go({ order: "desc", limit: RECENT });
  return data;
}

export async function getDeployment(id: string): Promise<Deployment> {
  return Deployment.parse(await getDeploymentItem(id));
}

export async function getDeploymentItem(id: string): Promise<DeploymentItem> {
  const { data } = await db().entities.deployment.get({ id }).go({ consistent: true });
  if (data) return data;
  throw new SluiceError("DEPLOYMENT_UNKNOWN", `There is no deployment ${id}.`, { details: { id } });
}

export async function getRunningDeployment(model: string): Promise<DeploymentItem | undefined> {
  const { deployment } = await getTraffic(model);
  if (!deployment) return undefined;
  const item = await getDeploymentItem(deployment);
  return item.status === "running" ? item : undefined;
}

export async function getTraffic(model: string): Promise<Traffic> {
  getModel(model);
  const { data } = await db().entities.traffic.get({ model }).go({ consistent: true });
  return data ? Traffic.parse(data) : { model, changedAt: new Date(0).toISOString() };
}
