// Receives the messages of a connection and passes each to the function of its route.
import type { WebSocket } from "ws";
import { AwsError } from "../../../kernel/error.ts";
import type { Kernel } from "../../../kernel/service.ts";
import { invokeFunction } from "../invoke.ts";
import type { Connection } from "./connection.ts";
import type { WebSocketApi } from "./declared.ts";
import { messageEvent, newId } from "./event.ts";
import { FAILURES, readProxyResponse } from "./failure.ts";
import { CONCURRENT_MESSAGES } from "./limits.ts";
import { routeOf } from "./selection.ts";

export function receiveMessages(
  kernel: Kernel,
  api: WebSocketApi,
  connection: Connection,
  socket: WebSocket,
) {
  const { clock } = kernel;
  const waiting: string[] = [];
  let running = 0;

  socket.on("message", (data, isBinary) => {
    if (!connection.isOpen) return;
    if (isBinary) return connection.close({ code: 1003, reason: "Binary is not supported" });
    connection.lastActiveAt = clock.now();
    waiting.push(data.toString());
    runNext();
  });

  function runNext() {
    if (!connection.isOpen) waiting.length = 0;
    while (running < CONCURRENT_MESSAGES && waiting.length > 0) {
      running++;
      void run(waiting.shift()!).finally(() => {
        running--;
        runNext();
      });
    }
    // Unread messages stay in the client's own buffers.
    if (waiting.length > 0) socket.pause();
    else if (socket.isPaused) socket.resume();
  }

  async function run(message: string) {
    const route = routeOf(api.routes, api.select(message));
    if (!route) return sendError("Forbidden", newId());
    const event = messageEvent(connection.peer, clock.now(), route.key, message);
    const outcome = await invokeFunction(kernel, route.target, event, `${api.id} ${route.key}`);
    const { requestId } = event.requestContext;
    if ("failure" in outcome) return sendError(FAILURES[outcome.failure].message, requestId);
    const response = readProxyResponse(outcome.payload);
    if (!response) return sendError(FAILURES.function.message, requestId);
    if (route.responds && response.body) send(response.body);
  }

  const sendError = (message: string, requestId: string) =>
    send(JSON.stringify({ message, connectionId: connection.peer.id, requestId }));

  function send(text: string) {
    if (!connection.isOpen) return;
    try {
      connection.send(text, clock.now());
    } catch (error) {
      // The client reads too slowly: it loses this message.
      if (!(error instanceof AwsError)) throw error;
    }
  }
}
