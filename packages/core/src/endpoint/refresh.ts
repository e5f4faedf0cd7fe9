// Reads endpoints from SageMaker, which sends no event at the end of a deletion. Other events may be lost.
import { DescribeEndpointCommand } from "@aws-sdk/client-sagemaker";
import { isMissing } from "../aws/sagemaker-errors.ts";
import { sagemaker } from "../aws/sagemaker.ts";
import { classifyError } from "../inference/classify.ts";
import { listModels } from "../model/model.ts";
import { mapConcurrently } from "../util/map-concurrently.ts";
import type { EndpointObservation } from "./change.ts";
import type { Endpoint } from "./endpoint.ts";
import { handleEndpointChange } from "./on-change.ts";
import { listEndpoints } from "./read.ts";
import { parseEndpointStatus } from "./status.ts";

const CONCURRENCY = 4;

/** Updates the records of all endpoints and returns them. */
export async function refreshEndpoints(now: number): Promise<Endpoint[]> {
  const known = await listEndpoints();
  const names = new Set([...known.map(({ name }) => name), ...listModels().map(({ endpoint }) => endpoint)]);
  await mapConcurrently(CONCURRENCY, [...names], async (name) => {
    const record = known.find((one) => one.name === name);
    const seen = await observeEndpoint(name, now);
    if (seen) await handleEndpointChange(seen, now);
    else if (record && record.status !== "Deleted")
      await handleEndpointChange(deletedEndpoint(record, now), now);
  });
  return listEndpoints();
}

/** Undefined for an endpoint that does not exist. */
export async function observeEndpoint(name: string, now: number): Promise<EndpointObservation | undefined> {
  try {
    const found = await sagemaker().send(new DescribeEndpointCommand({ EndpointName: name }));
    return {
      name,
      status: parseEndpointStatus(found.EndpointStatus ?? "") ?? "OutOfService",
      config: found.EndpointConfigName,
      failureReason: found.FailureReason || undefined,
      createdAt: found.CreationTime?.getTime(),
      modifiedAt: found.LastModifiedTime?.getTime() ?? now,
    };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw classifyError(error, name);
  }
}

/** Newer than every report of SageMaker, whose clock may be ahead of this one. */
export function deletedEndpoint(record: Endpoint, now: number): EndpointObservation {
  const { name, config, createdAt, sourceModifiedAt } = record;
  return {
    name,
    status: "Deleted",
    config,
    createdAt: createdAt ? Date.parse(createdAt) : undefined,
    modifiedAt: Math.max(now, sourceModifiedAt),
  };
}
