// What a client missed, if one message holds it.
import { listEvents } from "../event/list.ts";
import { listChanges } from "../prediction/changes.ts";
import type { Subscribed } from "./live.ts";
import { MAX_BYTES } from "./message.ts";

/** More would rarely fit into a message. */
const MAX_PREDICTIONS = 100;
const MAX_EVENTS = 100;

export async function readMissed(
  query: { from: string; model?: string },
  now: number,
): Promise<Pick<Subscribed, "predictions" | "events" | "more">> {
  const [changed, recorded] = await Promise.all([
    listChanges({ ...query, limit: MAX_PREDICTIONS }, now),
    listEvents({ ...query, limit: MAX_EVENTS }, now),
  ]);
  const events = recorded.items
    .toReversed()
    .map(({ id, type, subject, model }) => ({ id, type, subject, model }));
  const found = { predictions: changed.items, events };
  const more =
    changed.cursor !== undefined ||
    recorded.cursor !== undefined ||
    Buffer.byteLength(JSON.stringify(found)) > MAX_BYTES;
  return more ? { predictions: [], events: [], more } : { ...found, more };
}
