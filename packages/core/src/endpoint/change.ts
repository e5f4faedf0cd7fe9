// Applies what SageMaker reports about an endpoint to its record, in any order and as often as reported.
import * as z from "zod";
import { toEpochMs } from "../aws/time.ts";
import { invalidInput, SluiceError } from "../error/error.ts";
import { commit } from "../event/record.ts";
import { modelOfEndpoint } from "../model/model.ts";
import type { Endpoint, EndpointStatus } from "./endpoint.ts";
import { parseEndpointStatus, rank } from "./status.ts";

const Time = z
  .unknown()
  .transform((value) => toEpochMs(value))
  .optional();

const Variant = z.object({ VariantStatus: z.array(z.object({ Status: z.string() })).nullish() });

const Detail = z.object({
  EndpointName: z.string(),
  EndpointStatus: z.string(),
  EndpointConfigName: z.string().nullish(),
  FailureReason: z.string().nullish(),
  CreationTime: Time,
  LastModifiedTime: Time,
  PendingDeploymentSummary: z
    .object({
      EndpointConfigName: z.string(),
      StartTime: Time,
      ProductionVariants: z.array(Variant).nullish(),
    })
    .nullish(),
});

const Event = z.object({ source: z.literal("aws.sagemaker"), time: Time, detail: Detail });

export interface EndpointObservation {
  name: string;
  status: EndpointStatus;
  config?: string;
  failureReason?: string;
  createdAt?: number;
  /** SageMaker's last-modified time (epoch ms) orders observations. */
  modifiedAt: number;
  pending?: { config: string; startedAt: number; stage?: string };
}

export function parseEndpointEvent(event: unknown): EndpointObservation {
  const parsed = Event.safeParse(event);
  if (!parsed.success) throw invalidInput(parsed.error, "EVENT_INVALID");
  const { detail, time } = parsed.data;
  const status = parseEndpointStatus(detail.EndpointStatus);
  const modifiedAt = detail.LastModifiedTime ?? time;
  if (!status || modifiedAt === undefined) {
    throw new SluiceError(
      "EVENT_INVALID",
      `EndpointStatus "${detail.EndpointStatus}" at ${modifiedAt} is unknown.`,
    );
  }
  const next = detail.PendingDeploymentSummary;
  return {
    name: detail.EndpointName,
    status,
    config: detail.EndpointConfigName ?? undefined,
    failureReason: detail.FailureReason || undefined,
    createdAt: detail.CreationTime,
    modifiedAt,
    pending: next
      ? {
          config: next.EndpointConfigName,
          startedAt: next.StartTime ?? modifiedAt,
          stage: next.ProductionVariants?.[0]?.VariantStatus?.[0]?.Status,
        }
      : undefined,
  };
}

export interface Change {
  endpoint: Endpoint;
  /** The endpoint of a candidate, not the live one. */
  candidate: boolean;
  /** False when the record was already as new, or newer. */
  isNew: boolean;
}

/** Undefined for an endpoint of another app. */
export async function applyObservation(seen: EndpointObservation, now: number): Promise<Change | undefined> {
  const behind = modelOfEndpoint(seen.name);
  if (!behind) return undefined;
  const endpoint: Endpoint = {
    name: seen.name,
    model: behind.model.name,
    target: behind.target,
    status: seen.status,
    config: seen.config,
    failureReason: seen.failureReason,
    // A failed update ends in service again, with a failure reason and the old config.
    rolledBack: seen.status === "InService" && seen.failureReason ? true : undefined,
    sourceModifiedAt: seen.modifiedAt,
    createdAt: seen.createdAt === undefined ? undefined : new Date(seen.createdAt).toISOString(),
    changedAt: new Date(now).toISOString(),
  };
  const order = rank[seen.status];
  const { sourceModifiedAt: _, createdAt: __, target: ___, ...detail } = endpoint;
  const isNew = await commit([{ type: "endpoint.changed", detail }], now, (writers) => [
    // Writes the whole item: an update would not set the keys of an index that never changes.
    writers.endpoint
      .put({ ...endpoint, rank: order })
      .where((is, { notExists, lt, eq }) => {
        const sameTime = `${eq(is.sourceModifiedAt, seen.modifiedAt)} AND ${lt(is.rank, order)}`;
        return `${notExists(is.name)} OR ${lt(is.sourceModifiedAt, seen.modifiedAt)} OR (${sameTime})`;
      })
      .commit(),
  ]);
  return { endpoint, candidate: behind.candidate, isNew };
}
