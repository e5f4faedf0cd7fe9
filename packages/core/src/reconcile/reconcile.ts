// What an event missed: SageMaker is asked, and the table told.
import { paginateListEndpoints } from "@aws-sdk/client-sagemaker";
import { endpointPrefix } from "@sluice/models/names.ts";
import { app } from "../aws/link.ts";
import { sagemaker } from "../aws/sagemaker.ts";
import { list } from "../endpoint/read.ts";
import { react } from "../endpoint/react.ts";
import { deleted, observed } from "../endpoint/refresh.ts";
import { announceUnsaid } from "../event/unsaid.ts";
import { failStalledImports } from "../label/stalled.ts";
import { log } from "../log.ts";
import * as Model from "../model/model.ts";
import { failStalled } from "../prediction/stalled.ts";
import { repairTraining } from "../training/repair.ts";
import { repairs, type Repairs } from "./each.ts";

export async function reconcile(now: number): Promise<void> {
  const found = repairs();
  await found.each([now], announceUnsaid);
  await repairEndpoints(now, found);
  await repairTraining(now, found);
  await found.each(Model.list(), async (model) => {
    const stalled = await failStalled(model.name, now);
    if (stalled > 0) log().warn("Failed predictions that stalled", { model: model.name, stalled });
  });
  await found.each(Model.list(), async (model) => {
    const stalled = await failStalledImports(model.name, now);
    if (stalled > 0) log().warn("Failed imports that stalled", { model: model.name, stalled });
  });
  found.end();
}

async function repairEndpoints(now: number, { each }: Repairs): Promise<void> {
  const living = new Set<string>();
  let whole = false;
  async function* listed() {
    const { name, stage } = app();
    const pages = paginateListEndpoints(
      { client: sagemaker(), pageSize: 100 },
      { NameContains: endpointPrefix({ app: name, stage }) },
    );
    for await (const { Endpoints } of pages) {
      for (const { EndpointName } of Endpoints ?? []) {
        if (!EndpointName || !Model.behindEndpoint(EndpointName)) continue;
        living.add(EndpointName);
        yield EndpointName;
      }
    }
    whole = true;
  }
  const known = await list();
  await each(listed(), async (endpoint) => {
    const seen = await observed(endpoint, now);
    if (seen) await react(seen, now);
    else living.delete(endpoint);
  });
  // What a listing that broke off did not name may well be there.
  if (!whole) return;
  const gone = known.filter(({ name, status }) => !living.has(name) && status !== "Deleted");
  await each(gone, (endpoint) => react(deleted(endpoint, now), now));
}
