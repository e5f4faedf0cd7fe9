// The outbox: a state change and its events are written in one transaction, then published. The reconciler publishes
// what is left.
import { createHash } from "node:crypto";
import { db, type Writers } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import {
  checkEvent,
  subjectOf,
  type DomainEvent,
  type StoredEvent,
  type StoredEventType,
} from "../events.ts";
import { log } from "../log.ts";
import { firstId, orderedId } from "../util/ordered-id.ts";
import { withoutUndefined } from "../util/without-undefined.ts";
import type { EventItem } from "./event.entity.ts";
import { tryPublish } from "./publish.ts";

/** Longer than a year, so that a yearly retraining still finds its model's whole history. */
const RETENTION_SECONDS = 400 * 86_400;
const MAX_CONFLICTS = 5;
/** Marks an event that is not published yet. */
export const waiting = "waiting";

/** Identifies the cause of an event: the same time (epoch ms) and key give the same id, which is written once. */
export interface Once {
  at: number;
  key: string;
}
export type CommitEvent<Type extends StoredEventType = StoredEventType> = DomainEvent<Type> & { once?: Once };

export const onceId = ({ at, key }: Once) =>
  `${firstId("evt", at)}${createHash("sha256").update(key).digest("hex").slice(0, 16)}`;

type Write = ReturnType<ReturnType<Writers["event"]["put"]>["commit"]>;

/**
 * Writes a state change with its events, then publishes them. Returns false when a condition failed: then nothing was
 * written or published. An event with `once` that is stored already is such a condition.
 */
export async function commit<W extends object>(
  events: CommitEvent[],
  now: number,
  change: (writers: Writers) => W[],
): Promise<boolean> {
  const items = events.map((event) => toItem(event, now));
  for (let attempt = 1; ; attempt++) {
    const { canceled, data } = await db()
      .transaction.write((writers) => [
        ...(change(writers) as unknown as Write[]),
        ...items.map((item, index) =>
          (events[index]!.once ? writers.event.create(item) : writers.event.put(item)).commit(),
        ),
      ])
      .go();
    if (!canceled) break;
    if (data.some(({ code }) => code === "ConditionalCheckFailed")) return false;
    if (attempt === MAX_CONFLICTS) {
      const codes = data.map(({ code }) => code).join(", ");
      throw new SluiceError("TABLE_FAILED", `DynamoDB canceled the transaction ${attempt} times: ${codes}.`);
    }
  }
  await publishStored(items);
  return true;
}

/** Publishes stored events and returns how many. Those that EventBridge rejects stay marked as waiting. */
export async function publishStored(items: EventItem[]): Promise<number> {
  if (items.length === 0) return 0;
  const rejected = await tryPublish(items as unknown as (StoredEvent & { id: string })[]).catch(
    (error: unknown) => {
      log().warn("Events were not published; the reconciler will retry", {
        error: String(error),
        events: items.length,
      });
      return items.map((_, index) => index);
    },
  );
  const published = items.filter((_, index) => !rejected.includes(index));
  await Promise.all(
    published.map(({ subject, id }) =>
      db().entities.event.update({ subject, id }).remove(["waiting"]).go({ response: "none" }),
    ),
  );
  return published.length;
}

function toItem({ once, ...event }: CommitEvent, now: number): EventItem {
  const { type, detail } = checkEvent(event as StoredEvent);
  const at = new Date(now).toISOString();
  return {
    id: once ? onceId(once) : orderedId("evt", now),
    type,
    subject: subjectOf(event as StoredEvent),
    model: detail.model,
    at,
    month: at.slice(0, 7),
    detail: withoutUndefined(detail),
    waiting,
    expires: Math.floor(now / 1_000) + RETENTION_SECONDS,
  };
}
