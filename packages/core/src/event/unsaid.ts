import { db } from "../db.ts";
import { announce, waiting } from "./record.ts";
import { firstId } from "../util/ordered-id.ts";

/** Younger ones are about to be published by whoever wrote them. */
const PATIENCE_MS = 30_000;
const PER_RUN = 500;

/** Publishes what was written and never said: its writer died, or EventBridge did not take it. Oldest first. */
export async function announceUnsaid(now: number): Promise<number> {
  const { data } = await db()
    .entities.event.query.byWaiting({ waiting })
    .lt({ id: firstId("evt", now - PATIENCE_MS) })
    .go({ limit: PER_RUN });
  return announce(data);
}
