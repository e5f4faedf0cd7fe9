// Which endpoint answers a prediction. Without a word in the table it is the one by convention: what other hands made
// serves too.
import { createHash } from "node:crypto";
import type { Target } from "@sluice/models/names.ts";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { log } from "../log.ts";
import type { Bare } from "../inference/bare.ts";
import type { Declared } from "../model/model.ts";
import { Traffic } from "./traffic.ts";

/** How long a worker goes on with what it read: one read in so many seconds, not one a prediction. */
const keptMs = 10_000;
/** Answers of a candidate that a worker counts before it writes them down; a failure is written at once. */
const countedTogether = 20;

interface Way {
  endpoint: string;
  target: Target;
  /** Where the image there answers bare probabilities. */
  bare?: Bare;
}

export interface Route extends Way {
  /** Set when the answer is a candidate's: where to turn when it fails, and whom to tell. */
  instead?: Way & { tell(failed: boolean): Promise<void> };
}

interface Known {
  traffic: Traffic | undefined;
  readAt: number;
  counted: number;
}
const known = new Map<string, Known>();

export async function routeOf(model: Declared, id: string, now: number): Promise<Route> {
  let entry = await current(model.name, now);
  // What was read seconds ago sends nobody away: its end may be why the prediction comes again.
  if (closed(model, entry.traffic) && entry.readAt !== now) entry = await current(model.name, now, true);
  const { traffic } = entry;
  const refusal = closed(model, traffic);
  if (refusal) throw refusal;
  const target = (traffic?.target as Target | undefined) ?? model.target;
  const endpoint = traffic?.endpoint ?? model.endpoint;
  const { candidate } = traffic ?? {};
  const bare = (at: { version?: string; bare?: string[] } | undefined) =>
    at?.bare && { model: model.name, version: at.version!, classes: at.bare };
  const live = { endpoint, target, bare: bare(traffic) };
  if (!candidate || shareOf(id) >= candidate.share) return live;
  const tell = (failed: boolean) => count(model.name, failed);
  return {
    endpoint: candidate.endpoint,
    target: candidate.target,
    bare: bare(candidate),
    instead: { ...live, tell },
  };
}

/** Why nothing answers for a model, if nothing does. */
function closed(model: Declared, traffic: Traffic | undefined): SluiceError | undefined {
  if (traffic?.target === "local")
    return new SluiceError(
      "ENDPOINT_NOT_FOUND",
      `Version ${traffic.version} of ${model.name} is served on no endpoint: its target is "local".`,
      {
        hint: `Ask it with \`sluice predict ${model.name} FILE\`, or provision it with another --target.`,
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

/** Read anew: another target's endpoint may have taken over, and the one before it gone, while a worker knew the old. */
export async function routeAnew(model: Declared, id: string, now: number): Promise<Route> {
  await current(model.name, now, true);
  return routeOf(model, id, now);
}

/** A number from 0 to 99 that is a prediction's own: tried again, it is asked of the same version. */
export function shareOf(id: string): number {
  return createHash("sha256").update(id).digest().readUInt32BE(0) % 100;
}

async function current(model: string, now: number, anew = false): Promise<Known> {
  const last = known.get(model);
  if (!anew && last && now - last.readAt < keptMs && now >= last.readAt) return last;
  const next: Known = { traffic: last?.traffic, readAt: now, counted: last?.counted ?? 0 };
  known.set(model, next);
  try {
    const { data } = await db().entities.traffic.get({ model }).go();
    next.traffic = data ? Traffic.parse(data) : undefined;
  } catch (error) {
    // Who answers is known well enough from before; a prediction is not failed for this.
    log().warn("The traffic could not be read", { model, error: String(error) });
  }
  return next;
}

async function count(model: string, failed: boolean): Promise<void> {
  const entry = known.get(model);
  const deployment = entry?.traffic?.deployment;
  if (!entry || !deployment) return;
  entry.counted += 1;
  if (!failed && entry.counted < countedTogether) return;
  const answers = entry.counted;
  entry.counted = 0;
  await db()
    .entities.traffic.update({ model })
    .add({ answers, failures: failed ? 1 : 0 })
    .where((is, { eq }) => eq(is.deployment, deployment))
    .go({ response: "none", returnOnConditionCheckFailure: true })
    .catch((error: unknown) => {
      log().warn("A candidate's answers were not counted", { model, error: String(error) });
    });
}
