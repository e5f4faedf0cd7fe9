// The endpoint that serves a prediction. Without a traffic record it is the endpoint by convention, also when it was
// created outside this app.
import { createHash } from "node:crypto";
import type { Target } from "@sluice/models/names.ts";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import type { ProbabilityList } from "../inference/probability-list.ts";
import { log } from "../log.ts";
import type { DeclaredModel } from "../model/model.ts";
import { Traffic } from "./traffic.ts";

/** A worker reads the traffic once in this time, not once a prediction. */
const CACHE_MS = 10_000;
/** A worker writes its count of a candidate's responses in steps; a failure is written at once. */
const COUNT_STEP = 20;

export interface RouteTarget {
  endpoint: string;
  target: Target;
  /** Absent when the endpoint was not created by this app. */
  version?: string;
  /** Set when the image returns a list of probabilities. */
  probabilityList?: ProbabilityList;
}

export interface Route extends RouteTarget {
  /** Set for a candidate: the live endpoint, and the candidate's counter. */
  fallback?: RouteTarget & { count(failed: boolean): Promise<void> };
}

interface CacheEntry {
  traffic: Traffic | undefined;
  readAt: number;
  counted: number;
}
const cache = new Map<string, CacheEntry>();
/** The predictions of a worker's first batch wait for the same read. */
const firstReads = new Map<string, Promise<CacheEntry>>();

export async function routeOf(model: DeclaredModel, id: string, now: number): Promise<Route> {
  let entry = await cached(model.name, now);
  // A cached closure may have ended: the prediction may be retried for that reason.
  if (closedError(model, entry.traffic) && entry.readAt !== now) entry = await refresh(model.name, now);
  const { traffic } = entry;
  const error = closedError(model, traffic);
  if (error) throw error;
  const live = {
    endpoint: traffic?.endpoint ?? model.endpoint,
    target: (traffic?.target as Target | undefined) ?? model.target,
    version: traffic?.version,
    probabilityList: probabilityListOf(model, traffic),
  };
  const { candidate } = traffic ?? {};
  if (!candidate || shareOf(id) >= candidate.share) return live;
  return {
    endpoint: candidate.endpoint,
    target: candidate.target,
    version: candidate.version,
    probabilityList: probabilityListOf(model, candidate),
    fallback: { ...live, count: (failed) => count(model.name, failed) },
  };
}

const probabilityListOf = (
  model: DeclaredModel,
  serving: Pick<Traffic, "version" | "probabilityClasses"> | undefined,
): ProbabilityList | undefined =>
  serving?.probabilityClasses && {
    model: model.name,
    version: serving.version!,
    classes: serving.probabilityClasses,
  };

/** Why no endpoint serves a model. */
function closedError(model: DeclaredModel, traffic: Traffic | undefined): SluiceError | undefined {
  if (traffic?.target === "local")
    return new SluiceError(
      "ENDPOINT_NOT_FOUND",
      `Version ${traffic.version} of ${model.name} has no endpoint: its target is "local".`,
      {
        hint: `Use \`npx sluice predict ${model.name} FILE\`, or provision it with another --target.`,
      },
    );
  if (traffic?.opening)
    return new SluiceError(
      "ENDPOINT_NOT_IN_SERVICE",
      `The first endpoint of ${model.name} has not passed its smoke test yet.`,
      { details: { endpoint: model.endpoint } },
    );
  return undefined;
}

/** Without the cache: an endpoint of another target may have replaced the cached one. */
export async function freshRoute(model: DeclaredModel, id: string, now: number): Promise<Route> {
  await refresh(model.name, now);
  return routeOf(model, id, now);
}

/** A number from 0 to 99 by the prediction's id: a retry goes to the same version. */
export function shareOf(id: string): number {
  return createHash("sha256").update(id).digest().readUInt32BE(0) % 100;
}

async function cached(model: string, now: number): Promise<CacheEntry> {
  const last = cache.get(model);
  if (last) return now - last.readAt < CACHE_MS && now >= last.readAt ? last : refresh(model, now);
  const reading = firstReads.get(model) ?? refresh(model, now).finally(() => firstReads.delete(model));
  firstReads.set(model, reading);
  return reading;
}

async function refresh(model: string, now: number): Promise<CacheEntry> {
  const last = cache.get(model);
  const next: CacheEntry = { traffic: last?.traffic, readAt: now, counted: last?.counted ?? 0 };
  // Other predictions use the traffic read before, if any, meanwhile.
  if (last) cache.set(model, next);
  try {
    const { data } = await db().entities.traffic.get({ model }).go();
    next.traffic = data ? Traffic.parse(data) : undefined;
  } catch (error) {
    // The cached traffic is good enough to serve the prediction.
    log().warn("The traffic could not be read", { model, error: String(error) });
  }
  cache.set(model, next);
  return next;
}

async function count(model: string, failed: boolean): Promise<void> {
  const entry = cache.get(model);
  const deployment = entry?.traffic?.deployment;
  if (!entry || !deployment) return;
  entry.counted += 1;
  if (!failed && entry.counted < COUNT_STEP) return;
  const responses = entry.counted;
  entry.counted = 0;
  await db()
    .entities.traffic.update({ model })
    .add({ responses, failures: failed ? 1 : 0 })
    .where((is, { eq }) => eq(is.deployment, deployment))
    .go({ response: "none", returnOnConditionCheckFailure: true })
    .catch((error: unknown) => {
      log().warn("The candidate's responses were not counted", { model, error: String(error) });
    });
}
