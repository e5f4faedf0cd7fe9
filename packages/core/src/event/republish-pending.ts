import { db } from "../db.ts";
import { firstId } from "../util/ordered-id.ts";
import { publishStored, waiting } from "./record.ts";

/** The writer of a younger event is probably about to publish it. */
const PATIENCE_MS = 30_000;
const EVENTS_PER_RUN = 500;

/** Publishes stored events that were never published, oldest first. Returns how many. */
export async function republishPending(now: number): Promise<number> {
  const { data } = await db()
    .entities.event.query.byWaiting({ waiting })
    .lt({ id: firstId("evt", now - PATIENCE_MS) })
    .go({ limit: EVENTS_PER_RUN });
  return publishStored(data);
}
