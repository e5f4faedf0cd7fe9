// Taking predictions to work on: one transaction for a batch, so that a repeated event finds them taken.
import { db, type Writers } from "../db.ts";
import { dayOf } from "../table.ts";
import { changedAt, fieldsOf, openBucket, type Candidate } from "./candidate.ts";
import type { PredictionItem } from "./prediction.entity.ts";
import { isFinal } from "./prediction.ts";

export interface Claimer {
  /** Unique to this batch: a finish by any other holder is refused. */
  holder: string;
  /** Epoch ms until which no one else may take it. */
  leaseUntil: number;
  now: number;
}

export interface Wanted extends Candidate {
  /** A message received for the first time is an upload or a redrive: it may try a failure of the app's side again. */
  fresh: boolean;
  /** The message that asks, and how often it was received. */
  messageId: string;
  receives: number;
}

export type Claim =
  | { state: "claimed"; candidate: Candidate }
  | { state: "final"; item: PredictionItem }
  | { state: "busy"; until: number };

export async function claim(wanted: Wanted[], by: Claimer): Promise<Map<string, Claim>> {
  await markDays(wanted);
  const claims = new Map<string, Claim>();
  let open = wanted;
  while (open.length > 0) {
    const settled = await together(open, by);
    if (settled.size === 0) break;
    for (const [id, state] of settled) claims.set(id, state);
    open = open.filter(({ id }) => !settled.has(id));
  }
  // The table only said "conflict": another worker writes one of them at this moment. Each stands for itself.
  for (const one of open) claims.set(one.id, await alone(one, by));
  return claims;
}

/** All of them at once, or those that were refused with the reason; nothing when the table only says "conflict". */
async function together(wanted: Wanted[], by: Claimer): Promise<Map<string, Claim>> {
  const { canceled, data } = await db()
    .transaction.write(({ prediction }) => wanted.map((one) => update(prediction, one, by)))
    .go();
  if (!canceled) return new Map(wanted.map((one) => [one.id, { state: "claimed", candidate: one }]));
  const reasons = data as { code: string; item: PredictionItem | null }[];
  const settled = new Map<string, Claim>();
  for (const [index, one] of wanted.entries()) {
    const reason = reasons[index];
    if (reason?.code === "ConditionalCheckFailed") settled.set(one.id, await refused(one, reason.item, by));
  }
  return settled;
}

async function alone(one: Wanted, by: Claimer): Promise<Claim> {
  const settled = await together([one], by);
  return settled.get(one.id) ?? { state: "busy", until: by.leaseUntil };
}

async function refused(one: Wanted, item: PredictionItem | null, by: Claimer): Promise<Claim> {
  // A duplicate of the event that carries another time: the record's own time is the one its keys are made of.
  if (item && item.createdAt !== one.createdAt) return alone({ ...one, createdAt: item.createdAt }, by);
  if (item && isFinal(item.status)) return { state: "final", item };
  return { state: "busy", until: item?.leaseUntil ?? by.leaseUntil };
}

function update(prediction: Writers["prediction"], one: Wanted, by: Claimer) {
  return prediction
    .update({ id: one.id })
    .set({
      ...fieldsOf(one),
      status: "processing",
      bucket: openBucket,
      holder: by.holder,
      messageId: one.messageId,
      receives: one.receives,
      leaseUntil: by.leaseUntil,
      startedAt: new Date(by.now).toISOString(),
      ...changedAt(by.now),
    })
    .add({ attempts: 1 })
    .where((is, { notExists, eq, lt }) => {
      // A message comes back only when who had it is done or dead: its visibility outlives the longest batch. A copy of
      // it, which SQS may deliver too, was not received more often.
      const returned = `${eq(is.messageId, one.messageId)} AND ${lt(is.receives, one.receives)}`;
      const left = `${lt(is.leaseUntil, by.now)} OR (${returned})`;
      const stalled = `${eq(is.status, "processing")} AND (${left})`;
      const again = one.fresh ? ` OR (${eq(is.status, "failed")} AND ${eq(is.redrivable, true)})` : "";
      const free = `${eq(is.status, "pending")} OR (${stalled})${again}`;
      return `${notExists(is.id)} OR (${eq(is.createdAt, one.createdAt)} AND (${free}))`;
    })
    .commit({ response: "all_old" });
}

// A day is marked once by each worker: writing it again is harmless, writing it each time would be paid for.
const marked = new Set<string>();

async function markDays(wanted: Wanted[]) {
  const days = new Map(
    wanted.map(({ model, createdAt }) => [`${model.name} ${dayOf(createdAt)}`, { model, createdAt }]),
  );
  for (const [name, { model, createdAt }] of days) {
    if (marked.has(name)) continue;
    await db()
      .entities.day.put({ model: model.name, day: dayOf(createdAt) })
      .go();
    marked.add(name);
  }
}
