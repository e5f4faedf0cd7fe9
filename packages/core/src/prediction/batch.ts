// A batch of a model's queue. Calls that cost money: one claim, one finish, one publish and one capture per batch; one
// read, one invocation and one result per prediction; one more when messages are retried.
import { randomUUID } from "node:crypto";
import { toSluiceError } from "../error/error.ts";
import { tryPublish } from "../event/publish.ts";
import type { DomainEvent } from "../events.ts";
import { captureFiles } from "../inference/capture.ts";
import type { Declared } from "../model/model.ts";
import { storeResult } from "../object/store.ts";
import { atMost } from "../util/at-most.ts";
import { systemRuntime, type Runtime } from "../util/runtime.ts";
import { endedEvents, recordedEvents } from "./announce.ts";
import { claim, type Claim, type ClaimRequest } from "./claim.ts";
import { finish } from "./finish.ts";
import { groupDeliveries, type Delivery, type Group } from "./group.ts";
import { report } from "./report.ts";
import { retryDelay, scheduleRetries } from "./retry-delay.ts";
import { failOutcome, work, type Outcome } from "./work.ts";

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
  model: Declared,
  deliveries: Delivery[],
  limits: Limits,
  runtime: Runtime = systemRuntime,
): Promise<string[]> {
  const { groups, invalid } = groupDeliveries(model, deliveries);
  const holder = randomUUID();
  const claims = await claim([...groups.values()].map(claimRequest), {
    holder,
    leaseUntil: limits.deadline + CLOSING_MS,
    now: runtime.now(),
  });
  const unclaimed = [...claims].map(([id, state]) => unclaimedEffects(groups.get(id)!, state, runtime.now()));
  const outcomes = await captureAll(await workAll(groups, claims, limits, runtime));
  const effects = merge([...unclaimed, await finishAll(outcomes, holder, runtime)]);
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

const claimRequest = ({ candidate, deliveries, receives }: Group): ClaimRequest => ({
  ...candidate,
  firstReceive: receives === 1,
  messageId: deliveries[0]!.messageId,
  receives: deliveries[0]!.receives,
});

/** For a prediction that another worker holds, or that has ended before. */
function unclaimedEffects({ candidate: { id }, receives }: Group, claim: Claim, now: number): Effects {
  if (claim.state === "claimed") return { retries: [], events: [] };
  if (claim.state === "busy") {
    const seconds = Math.max(1, Math.ceil((claim.until - now) / 1_000));
    return { retries: [{ id, seconds }], events: [] };
  }
  const { item } = claim;
  // The worker that ended it may have died before it published the events.
  const events = receives > 1 ? recordedEvents(item).map((event) => ({ id, event })) : [];
  const retries = item.status === "failed" && item.redrivable ? [{ id, seconds: 0 }] : [];
  return { retries, events };
}

function workAll(
  groups: Map<string, Group>,
  claims: Map<string, Claim>,
  { deadline, maxReceives, concurrency }: Limits,
  runtime: Runtime,
): Promise<Outcome[]> {
  const claimed = [...claims.values()].flatMap((one) => (one.state === "claimed" ? [one.candidate] : []));
  return atMost(concurrency, claimed, (candidate) => {
    const last = groups.get(candidate.id)!.receives >= maxReceives;
    return work({ candidate, deadline: deadline - CLOSING_MS, last }, runtime);
  });
}

/** Predictions that cannot be captured fail: a missing capture would hide drift. */
async function captureAll(outcomes: Outcome[]): Promise<Outcome[]> {
  const captured = outcomes.flatMap((outcome) => outcome.captured ?? []);
  try {
    for (const file of captureFiles(captured)) await storeResult(file.key, file.body, "application/jsonl");
    return outcomes;
  } catch (thrown) {
    const error = toSluiceError(thrown);
    return outcomes.map((outcome) => (outcome.captured ? failOutcome(outcome, error) : outcome));
  }
}

async function finishAll(outcomes: Outcome[], holder: string, runtime: Runtime): Promise<Effects> {
  const now = runtime.now();
  const written = await finish(
    outcomes.map(({ ending }) => ending),
    holder,
    now,
  );
  return merge(
    outcomes.map((outcome) => {
      const { ending, acknowledged } = outcome;
      const { id } = ending.candidate;
      if (!written.has(id)) return { retries: [{ id }], events: [] };
      report(outcome, runtime);
      // A final failure goes to the dead letters without a delay.
      const seconds = ending.status === "failed" ? 0 : undefined;
      return {
        retries: acknowledged ? [] : [{ id, seconds }],
        events: endedEvents(ending, now).map((event) => ({ id, event })),
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
