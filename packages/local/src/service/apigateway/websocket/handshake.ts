// What a client's handshake says, and the responses that refuse it.
import type { IncomingMessage, ServerResponse } from "node:http";
import { sendResponse } from "../../lambda/http/response.ts";
import { newId, type Peer } from "./event.ts";

export class Refused extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export function sendRefusal(response: ServerResponse, { status, message }: Refused, connectionId: string) {
  sendResponse(response, {
    statusCode: status,
    headers: { "content-type": "application/json" },
    body: Buffer.from(JSON.stringify({ message, connectionId, requestId: newId() })),
  });
}

/** The path is `/_ws/<api>/<stage>`. */
export function readPeer(request: IncomingMessage, now: number): Peer {
  const [, apiId = "", stage = "$default"] =
    /^\/_ws\/([^/?]+)(?:\/([^/?]+))?\/?(?:\?|$)/.exec(request.url ?? "") ?? [];
  return {
    id: newId(),
    apiId: decode(apiId),
    stage: decode(stage),
    stageVariables: {},
    host: request.headers.host ?? "127.0.0.1",
    sourceIp: (request.socket.remoteAddress ?? "127.0.0.1").replace("::ffff:", ""),
    userAgent: request.headers["user-agent"],
    connectedAt: now,
  };
}

/** Checked before a function runs: `ws` checks it only when it accepts. */
export function checkHandshake({ method, headers }: IncomingMessage) {
  const key = headers["sec-websocket-key"] ?? "";
  const isValid = method === "GET" && headers["sec-websocket-version"] === "13";
  if (!isValid || !/^[+/0-9A-Za-z]{22}==$/.test(key)) throw new Refused(400, "Bad Request");
}

function decode(text: string) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
