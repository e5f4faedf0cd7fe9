// Serves WebSocket APIs at /_ws/<api>/<stage>, and their management API below it.
import type { IncomingMessage } from "node:http";
import { type WebSocket, WebSocketServer } from "ws";
import type { Handshake, Kernel, Service } from "../../../kernel/service.ts";
import { sendResponse } from "../../lambda/http/response.ts";
import { invokeFunction } from "../invoke.ts";
import { Connection } from "./connection.ts";
import { trackConnections } from "./connections.ts";
import { PREFIX, readWebSocketApis, type WebSocketApi } from "./declared.ts";
import { connectEvent, disconnectEvent, newId, type Peer } from "./event.ts";
import { FAILURES, readProxyResponse } from "./failure.ts";
import { frameReader } from "./frames.ts";
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

/** A handshake that gets this response. */
class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

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

  async function upgrade({ request, socket, head, refuse }: Handshake) {
    const peer = readPeer(request, clock.now());
    try {
      if (stopped) throw new Refused(503, "Service Unavailable");
      const api = apis.get(peer.apiId);
      const variables = api?.stages.get(peer.stage);
      if (!api || !variables) throw new Refused(403, "Forbidden");
      peer.stageVariables = variables;
      checkHandshake(request);
      if (!rate.allows()) throw new Refused(429, "Too Many Requests");
      const protocol = await connect(api, peer, request);
      if (protocol !== undefined) protocols.set(request, protocol);
      if (stopped) throw new Refused(503, "Service Unavailable");
      let opened = false;
      server.handleUpgrade(request, socket, head, (accepted) => {
        opened = true;
        open(api, peer, accepted, socket);
      });
      // The client disconnected while the function ran.
      if (!opened) await disconnect(api, peer, { code: 1006, reason: "" });
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const body = { message: error.message, connectionId: peer.id, requestId: newId() };
      sendResponse(refuse(), {
        statusCode: error.status,
        headers: { "content-type": "application/json" },
        body: Buffer.from(JSON.stringify(body)),
      });
    }
  }

  /** Returns the subprotocol that the function selects. */
  async function connect(
    api: WebSocketApi,
    peer: Peer,
    request: IncomingMessage,
  ): Promise<string | undefined> {
    const route = api.routes.get("$connect");
    if (!route) return;
    const outcome = await invokeFunction(
      kernel,
      route.target,
      connectEvent(peer, request),
      `${api.id} $connect`,
    );
    const failure = "failure" in outcome ? outcome.failure : undefined;
    const response = "payload" in outcome ? readProxyResponse(outcome.payload) : undefined;
    if (!response) {
      const { status, message } = FAILURES[failure ?? "function"];
      throw new Refused(status, message);
    }
    if (response.statusCode < 200 || response.statusCode > 299)
      throw new Refused(
        response.statusCode,
        response.statusCode < 500 ? "Forbidden" : "Internal server error",
      );
    const chosen = Object.entries(response.headers).find(
      ([name]) => name.toLowerCase() === "sec-websocket-protocol",
    );
    return chosen && String(chosen[1]);
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
  async function disconnect(api: WebSocketApi, peer: Peer, closed: { code: number; reason: string }) {
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

function readPeer(request: IncomingMessage, now: number): Peer {
  const [, apiId = "", stage] = /^\/_ws\/([^/?]+)(?:\/([^/?]+))?\/?(?:\?|$)/.exec(request.url ?? "") ?? [];
  return {
    id: newId(),
    apiId: decode(apiId),
    stage: decode(stage ?? "$default"),
    stageVariables: {},
    host: request.headers.host ?? "127.0.0.1",
    sourceIp: (request.socket.remoteAddress ?? "127.0.0.1").replace("::ffff:", ""),
    userAgent: request.headers["user-agent"],
    connectedAt: now,
  };
}

/** Before the function runs: `ws` checks the same when it accepts. */
function checkHandshake({ method, headers }: IncomingMessage) {
  const key = headers["sec-websocket-key"] ?? "";
  if (method !== "GET" || headers["sec-websocket-version"] !== "13" || !/^[+/0-9A-Za-z]{22}==$/.test(key))
    throw new Refused(400, "Bad Request");
}

function decode(text: string) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
