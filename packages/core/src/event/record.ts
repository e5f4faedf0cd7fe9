// A state change and the event that tells of it are written together or not at all; publishing follows, and the
// reconciler makes up for what was not published.
import { db, type Writers } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { log } from "../log.ts";
import { orderedId } from "../util/ordered-id.ts";
import { subjectOf, type Kept } from "./about.ts";
import { checked } from "./domain.ts";
import type { EventItem } from "./event.entity.ts";
import { tryPublish } from "./publish.ts";

/** Longer than a year, so that a model's whole history is there when it is trained again. */
const KEPT_S = 400 * 86_400;
export const waiting = "waiting";

export type Write = ReturnType<ReturnType<Writers["event"]["put"]>["commit"]>;
export interface Recorded {
  item: EventItem;
  /** Its part in the transaction that makes it true. */
  write(writers: Writers): Write;
}

export function recorded(event: Kept, now: number): Recorded {
  const { type, detail } = checked(event);
  const at = new Date(now).toISOString();
  const item: EventItem = {
    id: orderedId("evt", now),
    type,
    subject: subjectOf(event),
    model: detail.model,
    at,
    month: at.slice(0, 7),
    // What is undefined is left out, as in the published JSON.
    detail: JSON.parse(JSON.stringify(detail)),
    waiting,
    expires: Math.floor(now / 1_000) + KEPT_S,
  };
  return { item, write: ({ event }) => event.put(item).commit() };
}

/** Publishes what is written; what EventBridge does not take stays marked, for the reconciler. */
export async function announce(items: EventItem[]): Promise<number> {
  if (items.length === 0) return 0;
  const refused = await tryPublish(items.map(({ type, detail }) => ({ type, detail }) as Kept)).catch(
    (error: unknown) => {
      log().warn("Events wait to be published", { error: String(error), events: items.length });
      return items.map((_, index) => index);
    },
  );
  const said = items.filter((_, index) => !refused.includes(index));
  await Promise.all(
    said.map(({ subject, id }) =>
      db().entities.event.update({ subject, id }).remove(["waiting"]).go({ response: "none" }),
    ),
  );
  return said.length;
}

const conflicts = 5;

/**
 * Writes a state change with its events, then publishes them. False when a condition no longer held: then nothing was
 * written and nothing is said.
 */
export async function commit<W extends object>(
  events: Kept[],
  now: number,
  change: (writers: Writers) => W[],
): Promise<boolean> {
  const told = events.map((event) => recorded(event, now));
  for (let attempt = 1; ; attempt++) {
    const { canceled, data } = await db()
      .transaction.write((writers) => [
        ...(change(writers) as unknown as Write[]),
        ...told.map(({ write }) => write(writers)),
      ])
      .go();
    if (!canceled) break;
    if (data.some(({ code }) => code === "ConditionalCheckFailed")) return false;
    if (attempt === conflicts) {
      const codes = data.map(({ code }) => code).join(", ");
      throw new SluiceError("TABLE_FAILED", `DynamoDB cancelled the write ${attempt} times: ${codes}.`);
    }
  }
  await announce(told.map(({ item }) => item));
  return true;
}
