import { PostToConnectionCommand } from "@aws-sdk/client-apigatewaymanagementapi";
import { connections as gateway } from "../aws/connections.ts";

/** The gateway responds within milliseconds; more at once would only wait in the client's sockets. */
export const POSTS_AT_ONCE = 20;

export const postMessage = (id: string, message: string) =>
  gateway().send(new PostToConnectionCommand({ ConnectionId: id, Data: message }));

/** The client has left. */
export const isGone = (error: unknown) => error instanceof Error && error.name === "GoneException";
