// The cost of a model in this month: billed training runs, and the instances that serve it now. Without deleted
// endpoints and unfinished runs.
import { byName } from "@sluice/models/index.ts";
import { db } from "../db.ts";
import type { Hosting } from "../deployment/deployment.ts";
import { getDeployment, getTraffic } from "../deployment/read.ts";
import type { TrainingRun } from "../training/training.ts";
import type { Estimate } from "../cost/cost.ts";
import { estimateRealtime } from "../cost/estimate.ts";
import type { Prices } from "../cost/prices.ts";

type Items = Estimate["items"];
const HOUR_MS = 3_600_000;

export function trainingCosts(runs: TrainingRun[]): Items {
  const paid = runs.flatMap(({ cost }) => (cost ? [cost.dollars] : []));
  if (paid.length === 0) return [];
  return [
    {
      what: paid.length === 1 ? "1 training" : `${paid.length} trainings`,
      formula: paid.map((dollars) => `$${dollars.toFixed(6)}`).join(" + "),
      dollars: paid.reduce((total, dollars) => total + dollars, 0),
    },
  ];
}

/** The minimum that is paid for. An endpoint that may scale to zero counts as one instance. */
export const instancesOf = ({ autoscaling }: Pick<Hosting, "autoscaling">): number =>
  Math.max(1, autoscaling.min);

export interface HostingCosts {
  /** Calls are paid individually. */
  perCall: boolean;
  items: Items;
}

export async function hostingCosts(
  model: string,
  since: number,
  now: number,
  prices: Prices,
): Promise<HostingCosts> {
  const { endpoint: name, target, deployment } = await getTraffic(model);
  const declared = byName(model)!.hosting;
  if ((target ?? declared.target) === "serverless") return { perCall: true, items: [] };
  if (!name) return { perCall: false, items: [] };
  const { data: serving } = await db().entities.endpoint.get({ name }).go();
  if (!serving?.createdAt || ["Deleted", "Failed"].includes(serving.status))
    return { perCall: false, items: [] };
  const hosting = deployment ? (await getDeployment(deployment)).hosting : declared;
  const hours = (now - Math.max(since, Date.parse(serving.createdAt))) / HOUR_MS;
  return {
    perCall: false,
    items: estimateRealtime({ instance: hosting.instance, instances: instancesOf(hosting), hours }, prices)
      .items,
  };
}
