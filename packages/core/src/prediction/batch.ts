// A batch of the model's queue. Paid calls: one claim, one finish, one publish and one capture for all of it, and for
// each prediction one read, one invocation and one result. One call more when messages are to come again.
import { randomUUID } from "node:crypto";
import { toSluiceError } from "../error/error.ts";
import { tryPublish } from "../event/publish.ts";
import type { DomainEvent } from "../event/domain.ts";
import { captureFiles } from "../inference/capture.ts";
import { real, type Surroundings } from "../inference/retry.ts";
import { log } from "../log.ts";
import { predictionMetrics } from "../metrics/metrics.ts";
import type { Declared } from "../model/model.ts";
import { store } from "../object/store.ts";
import { isFolderMarker, parseArrival } from "../upload/arrival.ts";
import { atMost } from "../util/at-most.ts";
import { backoffSeconds, comeAgain } from "./again.ts";
import { endedEvents, recordedEvents } from "./announce.ts";
import { candidateOf, type Candidate } from "./candidate.ts";
import { claim, type Claim } from "./claim.ts";
import { finish } from "./finish.ts";
import { turnedBack, work, type Outcome } from "./work.ts";

export interface Delivery {
  messageId: string;
  receiptHandle: string;
  body: string;
  /** How often this message was received, this time included. */
  receives: number;
}

export interface Limits {
  /** Epoch ms when the worker is stopped. */
  deadline: number;
  /** Receives after which the queue gives a message to the dead letters. */
  maxReceives: number;
  /** Requests the endpoint may have from this batch at once. */
  atOnce: number;
}

/** Kept back from the deadline for writing down what became of the batch. */
const closingMs = 5_000;

interface Item {
  candidate: Candidate;
  deliveries: Delivery[];
}

/** By message: in how many seconds it should come again. */
type Failed = Map<string, number>;
/** An event, and the prediction it is of. */
interface Said {
  id: string;
  event: DomainEvent;
}
type Fail = (id: string, seconds?: number) => void;

/** Works a batch; answers the messages the queue should deliver again. */
export async function processBatch(
  model: Declared,
  deliveries: Delivery[],
  limits: Limits,
  around: Surroundings = real,
): Promise<string[]> {
  const failed: Failed = new Map();
  const items = group(model, deliveries, failed);
  const holder = randomUUID();
  const receives = (id: string) => Math.min(...items.get(id)!.deliveries.map((one) => one.receives));
  const fail: Fail = (id, seconds = backoffSeconds(receives(id))) =>
    items.get(id)!.deliveries.forEach(({ messageId }) => failed.set(messageId, seconds));

  const claims = await claim(
    [...items.values()].map(({ candidate, deliveries: [first] }) => ({
      ...candidate,
      fresh: receives(candidate.id) === 1,
      messageId: first!.messageId,
      receives: first!.receives,
    })),
    { holder, leaseUntil: limits.deadline + closingMs, now: around.now() },
  );
  const events: Said[] = [];
  for (const [id, state] of claims) settle(id, state, receives(id), around.now(), events, fail);

  const claimed = [...claims.values()].flatMap((state) =>
    state.state === "claimed" ? [state.candidate] : [],
  );
  const outcomes = await atMost(limits.atOnce, claimed, (candidate) =>
    work(
      {
        candidate,
        deadline: limits.deadline - closingMs,
        last: receives(candidate.id) >= limits.maxReceives,
      },
      around,
    ),
  );
  await conclude(await capture(outcomes), holder, around, events, fail);

  for (const index of await tryPublish(events.map(({ event }) => event))) fail(events[index]!.id);
  await comeAgain(
    model.queue,
    deliveries.flatMap(({ messageId, receiptHandle }) => {
      const seconds = failed.get(messageId);
      return seconds === undefined ? [] : [{ receiptHandle, seconds }];
    }),
  );
  return [...failed.keys()];
}

function group(model: Declared, deliveries: Delivery[], failed: Failed): Map<string, Item> {
  const items = new Map<string, Item>();
  for (const delivery of deliveries) {
    try {
      const arrival = parseArrival(delivery.body);
      if (isFolderMarker(arrival)) continue;
      const candidate = candidateOf(model, arrival);
      const item = items.get(candidate.id) ?? { candidate, deliveries: [] };
      items.set(candidate.id, { ...item, deliveries: [...item.deliveries, delivery] });
    } catch (thrown) {
      const { code, message } = toSluiceError(thrown);
      log().error("A message is no upload event", { code, reason: message, messageId: delivery.messageId });
      failed.set(delivery.messageId, 0);
    }
  }
  return items;
}

/** What was not claimed: another worker holds it, or it has ended before. */
function settle(id: string, claim: Claim, receives: number, now: number, events: Said[], fail: Fail) {
  if (claim.state === "busy") return fail(id, Math.max(1, Math.ceil((claim.until - now) / 1_000)));
  if (claim.state !== "final") return;
  // Received again though it ended: whoever ended it may have died before saying so.
  if (receives > 1) for (const event of recordedEvents(claim.item)) events.push({ id, event });
  if (claim.item.status === "failed" && claim.item.redrivable) fail(id, 0);
}

/** A capture that cannot be written turns its predictions back: captured inferences are all, or drift is blind. */
async function capture(outcomes: Outcome[]): Promise<Outcome[]> {
  const captured = outcomes.flatMap((outcome) => outcome.captured ?? []);
  try {
    for (const file of captureFiles(captured)) await store(file.key, file.body, "application/jsonl");
    return outcomes;
  } catch (thrown) {
    return outcomes.map((outcome) =>
      outcome.captured ? turnedBack(outcome, toSluiceError(thrown)) : outcome,
    );
  }
}

async function conclude(
  outcomes: Outcome[],
  holder: string,
  around: Surroundings,
  events: Said[],
  fail: Fail,
) {
  const now = around.now();
  const written = await finish(
    outcomes.map(({ ending }) => ending),
    holder,
    now,
  );
  for (const { ending, acknowledged, error } of outcomes) {
    const { id } = ending.candidate;
    if (!written.has(id)) {
      fail(id);
      continue;
    }
    // What has failed for good is on its way to the dead letters: nothing to wait for.
    if (!acknowledged) fail(id, ending.status === "failed" ? 0 : undefined);
    for (const event of endedEvents(ending, now)) events.push({ id, event });
    report(ending, error, around);
  }
}

function report(ending: Outcome["ending"], error: Outcome["error"], around: Surroundings) {
  const { candidate, status, summary, resultKey, timings } = ending;
  const about = {
    prediction: candidate.id,
    model: candidate.model.name,
    key: candidate.source.key,
    status,
    resultKey,
    confidence: summary?.confidence,
    countPerClass: summary?.countPerClass,
    timings,
  };
  if (!error) log().info("Predicted", about);
  else
    log()[error.kind === "user" || status === "pending" ? "warn" : "error"](error.message, {
      ...about,
      code: error.code,
      hint: error.hint,
    });
  around.print(predictionMetrics(ending, around.now()));
}
