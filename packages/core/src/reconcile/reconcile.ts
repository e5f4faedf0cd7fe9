// What an event missed: SageMaker is asked, and the table told.
import { DescribeEndpointCommand, paginateListEndpoints } from "@aws-sdk/client-sagemaker";
import { endpointPrefix } from "@sluice/models/names.ts";
import { app } from "../aws/link.ts";
import { sagemaker } from "../aws/sagemaker.ts";
import type { Observation } from "../endpoint/change.ts";
import { list } from "../endpoint/read.ts";
import { react } from "../endpoint/react.ts";
import { normalise } from "../endpoint/status.ts";
import { log } from "../log.ts";
import * as Model from "../model/model.ts";
import { failStalled } from "../prediction/stalled.ts";

export async function reconcile(now: number): Promise<void> {
  const known = new Map((await list()).map((endpoint) => [endpoint.name, endpoint]));
  const { name, stage } = app();
  const pages = paginateListEndpoints(
    { client: sagemaker(), pageSize: 100 },
    { NameContains: endpointPrefix({ app: name, stage }) },
  );
  const living = new Set<string>();
  for await (const page of pages) {
    for (const { EndpointName } of page.Endpoints ?? []) {
      if (!EndpointName || !Model.behindEndpoint(EndpointName)) continue;
      living.add(EndpointName);
      await react(await describe(EndpointName, now), now);
    }
  }
  for (const endpoint of known.values()) {
    if (living.has(endpoint.name) || endpoint.status === "Deleted") continue;
    const createdAt = endpoint.createdAt ? Date.parse(endpoint.createdAt) : undefined;
    const { name, config } = endpoint;
    await react({ name, status: "Deleted", config, createdAt, modifiedAt: now }, now);
  }
  for (const model of Model.list()) {
    const stalled = await failStalled(model.name, now);
    if (stalled > 0) log().warn("Failed predictions that stalled", { model: model.name, stalled });
  }
}

async function describe(endpoint: string, now: number): Promise<Observation> {
  const found = await sagemaker().send(new DescribeEndpointCommand({ EndpointName: endpoint }));
  return {
    name: endpoint,
    status: normalise(found.EndpointStatus ?? "") ?? "OutOfService",
    config: found.EndpointConfigName,
    failureReason: found.FailureReason || undefined,
    createdAt: found.CreationTime?.getTime(),
    modifiedAt: found.LastModifiedTime?.getTime() ?? now,
  };
}
