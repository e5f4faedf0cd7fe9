// Ends connections: those of a revoked token, and those that cannot be reached.
import { DeleteConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import { connections as gateway } from "../aws/connections.ts";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { log } from "../log.ts";
import { mapConcurrently } from "../util/map-concurrently.ts";
import type { ConnectionItem } from "./connection.entity.ts";
import { toErrorMessage } from "./error-message.ts";
import { isGone, postMessage, POSTS_AT_ONCE } from "./post.ts";

export async function listConnections(): Promise<ConnectionItem[]> {
  const { data } = await db().entities.connection.query.byId({}).go({ pages: "all", consistent: true });
  return data;
}

/** The record is deleted first: without it, nothing is sent. */
export async function closeConnection(id: string): Promise<void> {
  await db().entities.connection.delete({ id }).go({ response: "none" });
  await gateway()
    .send(new DeleteConnectionCommand({ ConnectionId: id }))
    .catch((error: unknown) => {
      if (!isGone(error)) log().warn("A connection was not closed", { connection: id, error: String(error) });
    });
}

/** Tells each client why before its connection ends. */
export async function rejectConnections(rejected: ConnectionItem[]): Promise<void> {
  const reason = JSON.stringify(
    toErrorMessage(new SluiceError("TOKEN_INVALID", "The bearer token is unknown or expired.")),
  );
  await mapConcurrently(POSTS_AT_ONCE, rejected, async ({ id }) => {
    await postMessage(id, reason).catch(() => {});
    await closeConnection(id);
  });
}

export async function rejectConnectionsOf(token: string): Promise<void> {
  await rejectConnections((await listConnections()).filter((one) => one.token === token));
}
