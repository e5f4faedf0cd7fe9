// SageMaker's present word on the endpoints. It sends no event when a deletion is over, and any event may be lost.
import { DescribeEndpointCommand } from "@aws-sdk/client-sagemaker";
import { sagemaker } from "../aws/sagemaker.ts";
import { isMissing } from "../deployment/answers.ts";
import * as Model from "../model/model.ts";
import { atMost } from "../util/at-most.ts";
import type { Observation } from "./change.ts";
import type { Endpoint } from "./endpoint.ts";
import { react } from "./react.ts";
import { list } from "./read.ts";
import { normalise } from "./status.ts";

const describedAtOnce = 4;

/** The records of all endpoints, each brought up to date first. */
export async function refreshed(now: number): Promise<Endpoint[]> {
  const known = await list();
  const names = new Set([...known.map(({ name }) => name), ...Model.list().map(({ endpoint }) => endpoint)]);
  await atMost(describedAtOnce, [...names], async (name) => {
    const record = known.find((one) => one.name === name);
    const seen = await observed(name, now);
    if (seen) await react(seen, now);
    else if (record && record.status !== "Deleted") await react(deleted(record, now), now);
  });
  return list();
}

/** Undefined for an endpoint that is not there. */
export async function observed(name: string, now: number): Promise<Observation | undefined> {
  try {
    const found = await sagemaker().send(new DescribeEndpointCommand({ EndpointName: name }));
    return {
      name,
      status: normalise(found.EndpointStatus ?? "") ?? "OutOfService",
      config: found.EndpointConfigName,
      failureReason: found.FailureReason || undefined,
      createdAt: found.CreationTime?.getTime(),
      modifiedAt: found.LastModifiedTime?.getTime() ?? now,
    };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** SageMaker's clock may be ahead of this one: what is gone is later than all that it said. */
export function deleted(record: Endpoint, now: number): Observation {
  const { name, config, createdAt, sourceModifiedAt } = record;
  const began = createdAt ? Date.parse(createdAt) : undefined;
  return { name, status: "Deleted", config, createdAt: began, modifiedAt: Math.max(now, sourceModifiedAt) };
}
