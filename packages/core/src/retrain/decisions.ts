// Stores decisions as events, once for each cause, and reads them.
import { db } from "../db.ts";
import { listEvents } from "../event/list.ts";
import { type CommitEvent, commit, onceId } from "../event/record.ts";
import { orderedId } from "../util/ordered-id.ts";
import { type Decision, RetrainDecision, type Trigger } from "./retrain.ts";

/** The event or scheduled time that asked for a decision. Its second delivery decides nothing. */
export interface Cause {
  id: string;
  /** ISO instant. */
  at: string;
}

export interface Asked {
  trigger: Trigger;
  cause?: Cause;
  /** Stores a "no" even if its reason is that of the last decision. */
  always?: boolean;
}

const onceOf = (cause: Cause) => ({ at: Date.parse(cause.at), key: `retrain ${cause.id}` });

export function decidedEvent(
  model: string,
  { trigger, cause }: Asked,
  decision: Decision & { run?: string },
  now: number,
): CommitEvent<"retrain.decided"> {
  const changedAt = new Date(now).toISOString();
  return {
    type: "retrain.decided",
    detail: { id: orderedId("ret", now), model, trigger, ...decision, changedAt },
    ...(cause && { once: onceOf(cause) }),
  };
}

/** The decision that the same cause led to before. */
export async function findDecision(model: string, cause: Cause): Promise<RetrainDecision | undefined> {
  const id = onceId(onceOf(cause));
  const { data } = await db().entities.event.get({ subject: model, id }).go({ consistent: true });
  return data ? RetrainDecision.parse(data.detail) : undefined;
}

/** Newest first. */
export async function listDecisions(
  query: { model: string; limit?: number; cursor?: string },
  now: number,
): Promise<{ items: RetrainDecision[]; cursor?: string }> {
  const { model, ...page } = query;
  const { items, cursor } = await listEvents({ subject: model, type: "retrain.decided", ...page }, now);
  return { items: items.map(({ detail }) => RetrainDecision.parse(detail)), cursor };
}

/** Undefined if it is not stored: it repeats the last one. */
export async function storeRefusal(
  model: string,
  asked: Asked,
  decision: Decision,
  now: number,
): Promise<RetrainDecision | undefined> {
  if (!asked.always) {
    const [last] = (await listDecisions({ model, limit: 1 }, now)).items;
    if (last?.reason === decision.reason) return undefined;
  }
  const event = decidedEvent(model, asked, decision, now);
  const deferred = decision.reason === "budget" ? await deferral(model, decision.explanation, now) : [];
  const written = await commit([event, ...deferred], now, () => []);
  return written ? event.detail : asked.cause && findDecision(model, asked.cause);
}

/** Once a month, however often the check runs. */
async function deferral(model: string, reason: string, now: number): Promise<CommitEvent[]> {
  const changedAt = new Date(now).toISOString();
  const from = `${changedAt.slice(0, 7)}-01T00:00:00.000Z`;
  const { items } = await listEvents({ subject: model, type: "training.deferred", from, limit: 1 }, now);
  return items.length > 0 ? [] : [{ type: "training.deferred", detail: { model, reason, changedAt } }];
}
