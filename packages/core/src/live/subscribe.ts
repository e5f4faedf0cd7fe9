import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { getModel } from "../model/model.ts";
import type { ServerMessage } from "./live.ts";

/** API Gateway closes a connection after two hours. */
const MAX_AGE_SECONDS = 2 * 3_600;

interface Subscription {
  connection: string;
  /** The hash of the bearer token. */
  token: string;
  model?: string;
  /** Epoch ms. */
  connectedAt: number;
}

/** Changes arrive from now on. The caller has authenticated the token. */
export async function subscribe(
  { connection, token, model, connectedAt }: Subscription,
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
  return { type: "subscribed", at: new Date(now).toISOString() };
}

/** Throws if the connection is no longer subscribed, so that the client subscribes again. */
export async function confirmSubscription(connection: string, now: number): Promise<ServerMessage> {
  const { data } = await db().entities.connection.get({ id: connection }).go({ consistent: true });
  if (!data) throw new SluiceError("NOT_SUBSCRIBED", "This connection is not subscribed.");
  return { type: "pong", at: new Date(now).toISOString() };
}
