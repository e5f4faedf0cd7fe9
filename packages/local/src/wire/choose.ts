// Finds the service of a request. All services share one port, so the order of the checks matters.
import { AwsError, notImplemented } from "../kernel/error.ts";
import { CATALOG, type Protocol, type WireService } from "./catalog.ts";
import { bucketOfHost } from "./bucket.ts";
import type { WireRequest } from "./request.ts";
import { claimedService } from "./signature.ts";

export interface ServiceChoice {
  entry: WireService;
  protocol: Protocol;
  /** Known for the JSON protocol. */
  operation?: string;
}

const S3 = CATALOG.find((entry) => entry.service === "s3")!;

export function chooseService(request: WireRequest): ServiceChoice {
  const scope = claimedService(request);
  const choice = findService(request, scope);
  if (scope !== undefined && scope !== choice.entry.scope)
    throw new AwsError(
      "SignatureDoesNotMatch",
      `Credential should be scoped to correct service: '${choice.entry.scope}'.`,
      { status: 403 },
    );
  return choice;
}

function findService(request: WireRequest, scope: string | undefined): ServiceChoice {
  // The host name of a bucket serves that bucket only.
  if (bucketOfHost(request) !== undefined) return { entry: S3, protocol: S3.protocol };
  const target = request.headers["x-amz-target"];
  if (target !== undefined && acceptsRpc(target.startsWith("AmazonSQS."), request.path)) {
    const dot = target.lastIndexOf(".");
    const entry = CATALOG.find((candidate) => candidate.target === target.slice(0, dot));
    if (!entry) throw notImplemented(`the service of "${target}"`);
    return { entry, protocol: "json", operation: target.slice(dot + 1) };
  }
  const byPath = CATALOG.find(
    (entry) => entry.paths?.test(request.path) && (scope === undefined || scope === entry.scope),
  );
  if (byPath) return { entry: byPath, protocol: byPath.protocol };

  const isForm = request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  if (
    (isForm || request.query.has("Action")) &&
    scope !== "s3" &&
    acceptsRpc(scope === "sqs", request.path)
  ) {
    const entry = CATALOG.find((candidate) => candidate.query && candidate.scope === scope);
    if (entry) return { entry, protocol: "query" };
  }
  if (request.headers["smithy-protocol"])
    throw notImplemented(`the protocol ${request.headers["smithy-protocol"]}`);
  if (scope !== undefined && scope !== "s3") {
    if (CATALOG.some((entry) => entry.scope === scope))
      throw new AwsError(
        "UnknownOperationException",
        `No operation of ${scope} is at ${request.method} ${request.path}.`,
      );
    throw notImplemented(`the service "${scope}"`);
  }
  return { entry: S3, protocol: S3.protocol };
}

/**
 * RPC calls name their operation in a header or the body. They are accepted at / only, and for SQS at a queue's URL:
 * otherwise a bucket's CORS rules would open every service to web pages.
 */
const acceptsRpc = (isSqs: boolean, path: string) =>
  path === "/" || (isSqs && /^\/\d{12}\/[^/]+\/?$/.test(path));
