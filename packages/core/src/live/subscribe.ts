import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { getModel } from "../model/model.ts";
import { closeConnection, listConnections } from "./close.ts";
import type { ServerMessage, Subscribe } from "./live.ts";
import { readMissed } from "./missed.ts";

/** API Gateway closes a connection after two hours. */
const MAX_AGE_SECONDS = 2 * 3_600;
/** Each change is sent to every connection, so that one token must not use up the time of all sends. */
const MAX_PER_TOKEN = 50;

interface Subscription extends Omit<Subscribe, "action" | "token"> {
  connection: string;
  /** The hash of the bearer token, which the caller has authenticated. */
  token: string;
  /** Epoch ms. */
  connectedAt: number;
}

/** Subscribes first, then reads what was missed: no change is in neither. */
export async function subscribe(
  { connection, token, model, connectedAt, after }: Subscription,
  now: number,
): Promise<ServerMessage> {
  if (model !== undefined) getModel(model);
  await db()
    .entities.connection.put({
      id: connection,
      token,
      model,
      connectedAt: new Date(connectedAt).toISOString(),
      expires: Math.floor(connectedAt / 1_000) + MAX_AGE_SECONDS,
    })
    .go();
  await closeOldest(token);
  const from = typeof after === "string" ? after : new Date(now - after).toISOString();
  const missed = await readMissed({ from, model }, Date.now());
  return { type: "subscribed", at: new Date(now).toISOString(), from, ...missed };
}

/** The oldest are closed, not the newest: their records may outlive clients that left without a message. */
async function closeOldest(token: string): Promise<void> {
  const own = (await listConnections()).filter((one) => one.token === token);
  const newestFirst = own.toSorted((a, b) => (a.connectedAt < b.connectedAt ? 1 : -1));
  await Promise.all(newestFirst.slice(MAX_PER_TOKEN).map(({ id }) => closeConnection(id)));
}

/** Throws if the connection is no longer subscribed, so that the client subscribes again. */
export async function confirmSubscription(connection: string, now: number): Promise<ServerMessage> {
  const { data } = await db().entities.connection.get({ id: connection }).go({ consistent: true });
  if (!data) throw new SluiceError("NOT_SUBSCRIBED", "This connection is not subscribed.");
  return { type: "pong", at: new Date(now).toISOString() };
}
