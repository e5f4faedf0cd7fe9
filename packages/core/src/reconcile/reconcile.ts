// Repairs what lost events left behind, from what SageMaker and the table report.
import { paginateListEndpoints } from "@aws-sdk/client-sagemaker";
import { endpointPrefix } from "@sluice/models/names.ts";
import { appStage } from "../aws/link.ts";
import { sagemaker } from "../aws/sagemaker.ts";
import { handleEndpointChange } from "../endpoint/on-change.ts";
import { listEndpoints } from "../endpoint/read.ts";
import { deletedEndpoint, observeEndpoint } from "../endpoint/refresh.ts";
import { republishPending } from "../event/republish-pending.ts";
import { failStalledImports } from "../label/stalled.ts";
import { log } from "../log.ts";
import { listModels, modelOfEndpoint } from "../model/model.ts";
import { failStalledPredictions } from "../prediction/stalled.ts";
import { repairTraining } from "../training/repair.ts";
import { repairs, type Repairs } from "./repairs.ts";

export async function reconcile(now: number): Promise<void> {
  const run = repairs();
  await run.each([now], republishPending);
  await repairEndpoints(now, run);
  await repairTraining(now, run);
  await run.each(listModels(), async (model) => {
    const stalled = await failStalledPredictions(model.name, now);
    if (stalled > 0) log().warn("Failed stalled predictions", { model: model.name, stalled });
  });
  await run.each(listModels(), async (model) => {
    const stalled = await failStalledImports(model.name, now);
    if (stalled > 0) log().warn("Failed stalled imports", { model: model.name, stalled });
  });
  run.end();
}

async function repairEndpoints(now: number, { each }: Repairs): Promise<void> {
  const present = new Set<string>();
  let complete = false;
  async function* listed() {
    const pages = paginateListEndpoints(
      { client: sagemaker(), pageSize: 100 },
      { NameContains: endpointPrefix(appStage()) },
    );
    for await (const { Endpoints } of pages) {
      for (const { EndpointName } of Endpoints ?? []) {
        if (!EndpointName || !modelOfEndpoint(EndpointName)) continue;
        present.add(EndpointName);
        yield EndpointName;
      }
    }
    complete = true;
  }
  const known = await listEndpoints();
  await each(listed(), async (endpoint) => {
    const seen = await observeEndpoint(endpoint, now);
    if (seen) await handleEndpointChange(seen, now);
    else present.delete(endpoint);
  });
  // An incomplete listing does not prove that an endpoint was deleted.
  if (!complete) return;
  const missing = known.filter(({ name, status }) => !present.has(name) && status !== "Deleted");
  await each(missing, (endpoint) => handleEndpointChange(deletedEndpoint(endpoint, now), now));
}
