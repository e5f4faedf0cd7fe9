// Claims predictions in one transaction per batch, so that a repeated event finds them claimed.
import { db, type Writers } from "../db.ts";
import { dayOf } from "../table.ts";
import { changedAt, fieldsOf, openBucket, type NewPrediction } from "./new-prediction.ts";
import type { PredictionItem } from "./prediction.entity.ts";
import { isFinal } from "./prediction.ts";

export interface Claimer {
  /** Unique per batch: only the holder may finish the prediction. */
  holder: string;
  /** Epoch ms until which no other worker may claim it. */
  leaseUntil: number;
  now: number;
}

export interface ClaimRequest extends NewPrediction {
  /** A message's first receive is an upload or a redrive: it may retry a failure that is not the user's. */
  firstReceive: boolean;
  /** The message, and how often it was received. */
  messageId: string;
  receives: number;
}

export type Claim =
  | { state: "claimed"; prediction: NewPrediction }
  | { state: "final"; item: PredictionItem }
  | { state: "busy"; until: number };

export async function claimPredictions(requests: ClaimRequest[], by: Claimer): Promise<Map<string, Claim>> {
  await markDays(requests);
  const claims = new Map<string, Claim>();
  let open = requests;
  while (open.length > 0) {
    const decided = await claimTogether(open, by);
    if (decided.size === 0) break;
    for (const [id, state] of decided) claims.set(id, state);
    open = open.filter(({ id }) => !decided.has(id));
  }
  // Another worker is writing one of them: claim them one by one.
  for (const one of open) claims.set(one.id, await claimAlone(one, by));
  return claims;
}

/** All of them, or those that a condition rejected. Empty when the transaction only conflicted with another. */
async function claimTogether(requests: ClaimRequest[], by: Claimer): Promise<Map<string, Claim>> {
  const { canceled, data } = await db()
    .transaction.write(({ prediction }) => requests.map((one) => update(prediction, one, by)))
    .go();
  if (!canceled) return new Map(requests.map((one) => [one.id, { state: "claimed", prediction: one }]));
  const reasons = data as { code: string; item: PredictionItem | null }[];
  const refusedOnes = new Map<string, Claim>();
  for (const [index, one] of requests.entries()) {
    const reason = reasons[index];
    if (reason?.code === "ConditionalCheckFailed")
      refusedOnes.set(one.id, await refused(one, reason.item, by));
  }
  return refusedOnes;
}

async function claimAlone(one: ClaimRequest, by: Claimer): Promise<Claim> {
  const decided = await claimTogether([one], by);
  return decided.get(one.id) ?? { state: "busy", until: by.leaseUntil };
}

async function refused(one: ClaimRequest, item: PredictionItem | null, by: Claimer): Promise<Claim> {
  // A duplicate event with another time: the keys are made of the record's own time.
  if (item && item.createdAt !== one.createdAt) return claimAlone({ ...one, createdAt: item.createdAt }, by);
  if (item && isFinal(item.status)) return { state: "final", item };
  return { state: "busy", until: item?.leaseUntil ?? by.leaseUntil };
}

function update(prediction: Writers["prediction"], one: ClaimRequest, by: Claimer) {
  return prediction
    .update({ id: one.id })
    .set({
      ...fieldsOf(one),
      status: "processing",
      bucket: openBucket(one.id),
      holder: by.holder,
      messageId: one.messageId,
      receives: one.receives,
      leaseUntil: by.leaseUntil,
      startedAt: new Date(by.now).toISOString(),
      ...changedAt(by.now),
    })
    .add({ attempts: 1 })
    .where((is, { notExists, eq, lt }) => {
      // A message returns only when its worker is done or dead: its visibility timeout outlives the longest batch. A
      // duplicate of SQS has no higher receive count.
      const returned = `${eq(is.messageId, one.messageId)} AND ${lt(is.receives, one.receives)}`;
      const abandoned = `${lt(is.leaseUntil, by.now)} OR (${returned})`;
      const stalled = `${eq(is.status, "processing")} AND (${abandoned})`;
      const redriven = one.firstReceive
        ? ` OR (${eq(is.status, "failed")} AND ${eq(is.redrivable, true)})`
        : "";
      const free = `${eq(is.status, "pending")} OR (${stalled})${redriven}`;
      return `${notExists(is.id)} OR (${eq(is.createdAt, one.createdAt)} AND (${free}))`;
    })
    .commit({ response: "all_old" });
}

// Each worker marks a day once: repeating it is harmless, but each write costs money.
const marked = new Set<string>();

async function markDays(requests: ClaimRequest[]) {
  const days = new Map(
    requests.map(({ model, createdAt }) => [`${model.name} ${dayOf(createdAt)}`, { model, createdAt }]),
  );
  for (const [name, { model, createdAt }] of days) {
    if (marked.has(name)) continue;
    await db()
      .entities.day.put({ model: model.name, day: dayOf(createdAt) })
      .go();
    marked.add(name);
  }
}
