// The events of Lambda proxy integration, with the members that AWS sends for each type.
import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { commonLogTime } from "../../lambda/http/request.ts";

/** What every event of a connection says about it. */
export interface Peer {
  id: string;
  apiId: string;
  stage: string;
  stageVariables: Record<string, string>;
  host: string;
  sourceIp: string;
  userAgent?: string;
  connectedAt: number;
  /** From a Lambda authorizer. */
  authorizer?: Record<string, string>;
}

/** Ids of connections, requests and messages: 16 characters, as on AWS. */
export const newId = () => `${randomBytes(11).toString("base64url")}=`;

export function connectEvent(peer: Peer, request: IncomingMessage) {
  const query = new URLSearchParams(request.url!.split("?", 2)[1]);
  return {
    ...collect([...headersOf(request, peer)], "headers", "multiValueHeaders"),
    ...(query.size > 0 && collect([...query], "queryStringParameters", "multiValueQueryStringParameters")),
    ...base(peer, peer.connectedAt, { routeKey: "$connect", eventType: "CONNECT" }),
  };
}

export function messageEvent(peer: Peer, now: number, routeKey: string, body: string) {
  return { ...base(peer, now, { routeKey, messageId: newId(), eventType: "MESSAGE" }), body };
}

export function disconnectEvent(peer: Peer, now: number, closed: { code: number; reason: string }) {
  const headers = { Host: peer.host, "x-api-key": "", "X-Forwarded-For": peer.sourceIp, "x-restapi": "" };
  return {
    ...collect(Object.entries(headers), "headers", "multiValueHeaders"),
    ...base(peer, now, {
      routeKey: "$disconnect",
      disconnectStatusCode: closed.code,
      eventType: "DISCONNECT",
      disconnectReason: closed.reason,
    }),
  };
}

function base(peer: Peer, now: number, about: Record<string, string | number>) {
  const requestId = newId();
  return {
    requestContext: {
      ...about,
      extendedRequestId: requestId,
      requestTime: commonLogTime(now),
      messageDirection: "IN",
      stage: peer.stage,
      connectedAt: peer.connectedAt,
      requestTimeEpoch: now,
      identity: {
        ...(peer.userAgent !== undefined && { userAgent: peer.userAgent }),
        sourceIp: peer.sourceIp,
      },
      requestId,
      domainName: peer.host,
      connectionId: peer.id,
      apiId: peer.apiId,
      ...(peer.authorizer && { authorizer: peer.authorizer }),
    },
    ...(Object.keys(peer.stageVariables).length > 0 && { stageVariables: peer.stageVariables }),
    isBase64Encoded: false,
  };
}

/** Names as sent, without those of one hop; the gateway's own replace the client's. */
function* headersOf({ rawHeaders }: IncomingMessage, peer: Peer): Iterable<[string, string]> {
  for (let at = 0; at < rawHeaders.length; at += 2)
    if (!/^(connection|upgrade|x-forwarded-.*)$/i.test(rawHeaders[at]!))
      yield [rawHeaders[at]!, rawHeaders[at + 1]!];
  yield ["X-Forwarded-For", peer.sourceIp];
  yield ["X-Forwarded-Port", /:(\d+)$/.exec(peer.host)?.[1] ?? "80"];
  yield ["X-Forwarded-Proto", "http"];
}

/** The last value of each name, and all values. */
function collect(pairs: [string, string][], single: string, multiple: string) {
  const all: Record<string, string[]> = Object.create(null);
  for (const [name, value] of pairs) (all[name] ??= []).push(value);
  return { [single]: Object.fromEntries(pairs), [multiple]: { ...all } };
}
