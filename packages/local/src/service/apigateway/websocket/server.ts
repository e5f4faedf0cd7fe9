// Serves WebSocket APIs at /_ws/<api>/<stage>, and their management API below it.
import type { IncomingMessage } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import type { Handshake, Kernel, Service } from "../../../kernel/service.ts";
import { invokeFunction } from "../invoke.ts";
import { connect } from "./connect.ts";
import { type Closed, Connection } from "./connection.ts";
import { trackConnections } from "./connections.ts";
import { PREFIX, readWebSocketApis, type WebSocketApi } from "./declared.ts";
import { disconnectEvent, type Peer } from "./event.ts";
import { frameReader } from "./frames.ts";
import { checkHandshake, readPeer, Refused, sendRefusal } from "./handshake.ts";
import { CLOSE_TIMEOUT_MS, FRAME_BYTES, MAX_FRAGMENTS, MESSAGE_BYTES } from "./limits.ts";
import { manageConnections } from "./management.ts";
import { receiveMessages } from "./messages.ts";
import { connectionRate } from "./rate.ts";

/** The types of `ws` do not have all of its options yet. */
const SERVER_OPTIONS = {
  noServer: true,
  clientTracking: false,
  // As AWS, which does not compress. It would also cost memory for each connection.
  perMessageDeflate: false,
  maxPayload: MESSAGE_BYTES,
  // Each costs about 100 bytes, however short it is.
  maxFragments: MAX_FRAGMENTS,
  maxBufferedChunks: MAX_FRAGMENTS,
  closeTimeout: CLOSE_TIMEOUT_MS,
};

export function serveWebSockets(kernel: Kernel): Pick<Service, "operations" | "access" | "routes" | "stop"> {
  const { clock } = kernel;
  const apis = readWebSocketApis(kernel.graph);
  const connections = trackConnections(clock);
  const rate = connectionRate(clock);
  const protocols = new WeakMap<IncomingMessage, string>();
  const server = new WebSocketServer({
    ...SERVER_OPTIONS,
    handleProtocols(offered, request) {
      const selected = protocols.get(request) ?? "";
      return offered.has(selected) && selected;
    },
  });
  let stopped = false;

  async function upgrade(handshake: Handshake) {
    const { request } = handshake;
    const peer = readPeer(request, clock.now());
    try {
      const api = apis.get(peer.apiId);
      const stageVariables = api?.stages.get(peer.stage);
      if (!api || !stageVariables) throw new Refused(403, "Forbidden");
      checkHandshake(request);
      if (!rate.allows()) throw new Refused(429, "Too Many Requests");
      peer.stageVariables = stageVariables;
      const protocol = await connect(kernel, api, peer, request);
      if (protocol !== undefined) protocols.set(request, protocol);
      if (stopped) throw new Refused(503, "Service Unavailable");
      accept(api, peer, handshake);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      sendRefusal(handshake.refuse(), error, peer.id);
    }
  }

  function accept(api: WebSocketApi, peer: Peer, { request, socket, head }: Handshake) {
    let opened = false;
    server.handleUpgrade(request, socket, head, (accepted) => {
      opened = true;
      open(api, peer, accepted, socket);
    });
    // The client disconnected while the function ran.
    if (!opened) void disconnect(api, peer, { code: 1006, reason: "" });
  }

  function open(api: WebSocketApi, peer: Peer, accepted: WebSocket, socket: Handshake["socket"]) {
    const connection = new Connection(peer, accepted);
    // Before the listener of `ws`, so that a frame that is too large is never a message.
    socket.prependListener(
      "data",
      frameReader((bytes) => {
        if (bytes > FRAME_BYTES) connection.close({ code: 1009, reason: "" });
      }),
    );
    connections.add(connection);
    receiveMessages(kernel, api, connection, accepted);
    void connection.ended.then((closed) => disconnect(api, peer, closed));
  }

  /** Best effort, as on AWS: a failure is only in the function's log. */
  async function disconnect(api: WebSocketApi, peer: Peer, closed: Closed) {
    const route = api.routes.get("$disconnect");
    if (!route || stopped) return;
    const event = disconnectEvent(peer, clock.now(), closed);
    await invokeFunction(kernel, route.target, event, `${api.id} $disconnect`);
  }

  return {
    ...manageConnections(kernel, apis, connections),
    routes: { [PREFIX]: { upgrade } },
    async stop() {
      stopped = true;
      await connections.closeAll();
    },
  };
}
