// Sends a batch of changes to every connection: each gets one message with the changes of its model.
import { db } from "../db.ts";
import { log } from "../log.ts";
import { mapConcurrently } from "../util/map-concurrently.ts";
import { closeConnection, listConnections, rejectConnections } from "./close.ts";
import { readChanges, type ReceivedEvent } from "./changes.ts";
import type { ConnectionItem } from "./connection.entity.ts";
import { packChanges } from "./message.ts";
import { getAll } from "../util/get-all.ts";
import { isGone, postMessage, POSTS_AT_ONCE } from "./post.ts";

/** Before the function's timeout. Closing a connection is one call, like a message. */
const CLOSE_MS = 5_000;

/** At the deadline (epoch ms), connections without their messages are closed: a retry would begin with the first again. */
export async function sendChanges(
  received: ReceivedEvent[],
  now: number,
  deadline = Number.POSITIVE_INFINITY,
): Promise<void> {
  const all = await listConnections();
  if (all.length === 0) return;
  const revoked = await findRevoked(all, now);
  await rejectConnections(all.filter(({ token }) => revoked.has(token)));
  const { predictions, events } = await readChanges(received);
  const at = new Date(now).toISOString();
  // Connections with the same filter get the same messages.
  const packed = new Map<string | undefined, string[]>();
  const messagesFor = (model: string | undefined) => {
    const ofModel = <One extends { model: string }>(list: One[]) =>
      list.filter((one) => model === undefined || one.model === model);
    const found =
      packed.get(model) ?? packChanges({ predictions: ofModel(predictions), events: ofModel(events) }, at);
    packed.set(model, found);
    return found;
  };
  const open = all.filter(({ token }) => !revoked.has(token));
  await mapConcurrently(POSTS_AT_ONCE, open, ({ id, model }) =>
    sendAll(id, messagesFor(model), deadline - CLOSE_MS),
  );
}

/** A client that misses a message is disconnected: it reconnects, and reads what it missed. */
async function sendAll(id: string, messages: string[], until: number): Promise<void> {
  try {
    for (const message of messages) {
      if (Date.now() >= until) throw new Error("The function's time is over.");
      await postMessage(id, message);
    }
  } catch (error) {
    if (!isGone(error)) log().warn("A live update was not sent", { connection: id, error: String(error) });
    await closeConnection(id);
  }
}

/** The hashes of tokens that were revoked or have expired since their connections subscribed. */
async function findRevoked(connections: ConnectionItem[], now: number): Promise<Set<string>> {
  const hashes = [...new Set(connections.map(({ token }) => token))];
  const data = await getAll(
    hashes.map((hash) => ({ hash })),
    (keys) => db().entities.token.get(keys).go({ consistent: true }),
  );
  const valid = new Set(
    data.filter(({ expires }) => expires === undefined || expires * 1_000 > now).map(({ hash }) => hash),
  );
  return new Set(hashes.filter((hash) => !valid.has(hash)));
}
