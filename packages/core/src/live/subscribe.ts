import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { getModel } from "../model/model.ts";
import type { ServerMessage, Subscribe } from "./live.ts";
import { readMissed } from "./missed.ts";

/** API Gateway closes a connection after two hours. */
const MAX_AGE_SECONDS = 2 * 3_600;

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
  const from = typeof after === "string" ? after : new Date(now - after).toISOString();
  const missed = await readMissed({ from, model }, Date.now());
  return { type: "subscribed", at: new Date(now).toISOString(), from, ...missed };
}

/** Throws if the connection is no longer subscribed, so that the client subscribes again. */
export async function confirmSubscription(connection: string, now: number): Promise<ServerMessage> {
  const { data } = await db().entities.connection.get({ id: connection }).go({ consistent: true });
  if (!data) throw new SluiceError("NOT_SUBSCRIBED", "This connection is not subscribed.");
  return { type: "pong", at: new Date(now).toISOString() };
}
