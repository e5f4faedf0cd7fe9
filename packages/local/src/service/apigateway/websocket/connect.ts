// Whether a client may connect: the authorizer and the function of `$connect` decide.
import type { IncomingMessage } from "node:http";
import type { Kernel } from "../../../kernel/service.ts";
import { invokeFunction } from "../invoke.ts";
import { authorize } from "./authorizer.ts";
import type { WebSocketApi } from "./declared.ts";
import { connectEvent, type Peer } from "./event.ts";
import { FAILURES, readProxyResponse } from "./failure.ts";
import { Refused } from "./handshake.ts";

/** Returns the subprotocol that the function selects. Throws Refused. */
export async function connect(
  kernel: Kernel,
  api: WebSocketApi,
  peer: Peer,
  request: IncomingMessage,
): Promise<string | undefined> {
  const route = api.routes.get("$connect");
  if (!route) return;
  if (route.authorizer) peer.authorizer = await authorize(kernel, route.authorizer, peer, request);
  const event = connectEvent(peer, request);
  const outcome = await invokeFunction(kernel, route.target, event, `${api.id} $connect`);
  const failure = "failure" in outcome ? outcome.failure : "function";
  const response = "payload" in outcome ? readProxyResponse(outcome.payload) : undefined;
  if (!response) throw new Refused(FAILURES[failure].status, FAILURES[failure].message);
  const { statusCode, headers } = response;
  if (statusCode >= 500) throw new Refused(statusCode, "Internal server error");
  if (statusCode < 200 || statusCode > 299) throw new Refused(statusCode, "Forbidden");
  const name = Object.keys(headers).find((each) => each.toLowerCase() === "sec-websocket-protocol");
  return name && String(headers[name]);
}
