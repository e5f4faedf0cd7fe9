// WebSocket handshakes: requests whose sockets leave the HTTP server.
import { ServerResponse, type IncomingMessage, type Server } from "node:http";
import type { Socket } from "node:net";
import type { Handshake } from "../kernel/service.ts";

/** Other upgrades, such as h2c of some clients, are ordinary requests. */
export const isWebSocket = ({ headers }: IncomingMessage) => headers.upgrade?.toLowerCase() === "websocket";

/** The returned function closes all sockets that left the server. */
export function acceptHandshakes(
  server: Server,
  accept: (handshake: Handshake) => Promise<void>,
): () => void {
  const sockets = new Set<Socket>();
  server.on("upgrade", (request, duplex, head) => {
    const socket = duplex as Socket;
    sockets.add(socket);
    // Without a listener, an error before the handshake is accepted would end the process.
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
    let response: ServerResponse | undefined;
    void accept({ request, socket, head, refuse: () => (response ??= responseOn(request, socket)) });
  });
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}

function responseOn(request: IncomingMessage, socket: Socket): ServerResponse {
  const response = new ServerResponse(request);
  response.shouldKeepAlive = false;
  response.assignSocket(socket);
  response.once("finish", () => socket.destroySoon());
  return response;
}
