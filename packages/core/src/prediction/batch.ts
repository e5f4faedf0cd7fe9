// A batch of a model's queue. Calls that cost money: one claim, one finish, one publish and one capture per batch; one
// read, one invocation and one result per prediction; one more when messages are retried.
import { randomUUID } from "node:crypto";
import { toSluiceError } from "../error/error.ts";
import { tryPublish } from "../event/publish.ts";
import type { DomainEvent } from "../events.ts";
import { captureFiles } from "../inference/capture.ts";
import type { DeclaredModel } from "../model/model.ts";
import { storeResult } from "../object/store.ts";
import { mapConcurrently } from "../util/map-concurrently.ts";
import { systemRuntime, type Runtime } from "../util/runtime.ts";
import { eventsOfOutcome, eventsOfRecord } from "./outcome-events.ts";
import { claimPredictions, type Claim, type ClaimRequest } from "./claim.ts";
import { writeOutcomes } from "./write-outcomes.ts";
import { groupDeliveries, type Delivery, type Group } from "./group.ts";
import { reportOutcome } from "./report.ts";
import { retryDelay, scheduleRetries } from "./retry-delay.ts";
import { discardOutcome, processPrediction, type ProcessedPrediction } from "./process-prediction.ts";

export interface Limits {
  /** Epoch ms when the worker is stopped. */
  deadline: number;
  /** Receives after which the queue moves a message to the dead letters. */
  maxReceives: number;
  /** Concurrent requests of this batch to the endpoint. */
  concurrency: number;
}

/** Reserved before the deadline to write the outcomes of the batch. */
const CLOSING_MS = 5_000;

/** The results of a batch: messages to retry, and events to publish. */
interface Effects {
  /** Without `seconds`, the delay grows with each receive. */
  retries: { id: string; seconds?: number }[];
  events: { id: string; event: DomainEvent }[];
}

/** Returns the ids of the messages that the queue delivers again. */
export async function processBatch(
  model: DeclaredModel,
  deliveries: Delivery[],
  limits: Limits,
  runtime: Runtime = systemRuntime,
): Promise<string[]> {
  const { groups, invalid } = groupDeliveries(model, deliveries);
  const holder = randomUUID();
  const claims = await claimPredictions([...groups.values()].map(claimRequest), {
    holder,
    leaseUntil: limits.deadline + CLOSING_MS,
    now: runtime.now(),
  });
  const unclaimed = [...claims].map(([id, state]) => unclaimedEffects(groups.get(id)!, state, runtime.now()));
  const processed = await captureAll(await processAll(groups, claims, limits, runtime));
  const effects = merge([...unclaimed, await finishAll(processed, holder, runtime)]);
  const rejected = await tryPublish(effects.events.map(({ event }) => event));
  const unpublished = rejected.map((index) => ({ id: effects.events[index]!.id }));
  const delays = new Map([
    ...invalid.map(({ messageId }) => [messageId, 0] as const),
    ...messageDelays(groups, [...effects.retries, ...unpublished]),
  ]);
  await scheduleRetries(
    model.queue,
    deliveries.flatMap(({ messageId, receiptHandle }) => {
      const seconds = delays.get(messageId);
      return seconds === undefined ? [] : [{ receiptHandle, seconds }];
    }),
  );
  return [...delays.keys()];
}

const claimRequest = ({ prediction, deliveries, receives }: Group): ClaimRequest => ({
  ...prediction,
  firstReceive: receives === 1,
  messageId: deliveries[0]!.messageId,
  receives: deliveries[0]!.receives,
});

/** For a prediction that another worker holds, or that has ended before. */
function unclaimedEffects({ prediction: { id }, receives }: Group, claim: Claim, now: number): Effects {
  if (claim.state === "claimed") return { retries: [], events: [] };
  if (claim.state === "busy") {
    const seconds = Math.max(1, Math.ceil((claim.until - now) / 1_000));
    return { retries: [{ id, seconds }], events: [] };
  }
  const { item } = claim;
  // The worker that ended it may have died before it published the events.
  const events = receives > 1 ? eventsOfRecord(item).map((event) => ({ id, event })) : [];
  const retries = item.status === "failed" && item.redrivable ? [{ id, seconds: 0 }] : [];
  return { retries, events };
}

function processAll(
  groups: Map<string, Group>,
  claims: Map<string, Claim>,
  { deadline, maxReceives, concurrency }: Limits,
  runtime: Runtime,
): Promise<ProcessedPrediction[]> {
  const claimed = [...claims.values()].flatMap((one) => (one.state === "claimed" ? [one.prediction] : []));
  return mapConcurrently(concurrency, claimed, (prediction) => {
    const last = groups.get(prediction.id)!.receives >= maxReceives;
    return processPrediction({ prediction, deadline: deadline - CLOSING_MS, last }, runtime);
  });
}

/** Predictions that cannot be captured fail: a missing capture would hide drift. */
async function captureAll(processed: ProcessedPrediction[]): Promise<ProcessedPrediction[]> {
  const captured = processed.flatMap((one) => one.captured ?? []);
  try {
    for (const file of captureFiles(captured)) await storeResult(file.key, file.body, "application/jsonl");
    return processed;
  } catch (thrown) {
    const error = toSluiceError(thrown);
    return processed.map((one) => (one.captured ? discardOutcome(one, error) : one));
  }
}

async function finishAll(
  processed: ProcessedPrediction[],
  holder: string,
  runtime: Runtime,
): Promise<Effects> {
  const now = runtime.now();
  const written = await writeOutcomes(
    processed.map(({ outcome }) => outcome),
    holder,
    now,
  );
  return merge(
    processed.map((one) => {
      const { outcome, acknowledged } = one;
      const { id } = outcome.prediction;
      if (!written.has(id)) return { retries: [{ id }], events: [] };
      reportOutcome(one, runtime);
      // A final failure goes to the dead letters without a delay.
      const seconds = outcome.status === "failed" ? 0 : undefined;
      return {
        retries: acknowledged ? [] : [{ id, seconds }],
        events: eventsOfOutcome(outcome, now).map((event) => ({ id, event })),
      };
    }),
  );
}

const merge = (all: Effects[]): Effects => ({
  retries: all.flatMap(({ retries }) => retries),
  events: all.flatMap(({ events }) => events),
});

/** The delay of each message of the predictions to retry; the last one of a prediction counts. */
const messageDelays = (groups: Map<string, Group>, retries: Effects["retries"]) =>
  retries.flatMap(({ id, seconds }) => {
    const { deliveries, receives } = groups.get(id)!;
    return deliveries.map(({ messageId }) => [messageId, seconds ?? retryDelay(receives)] as const);
  });
