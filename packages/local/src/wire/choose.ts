// Which service a request is for. One port serves all, so the order of these questions matters.
import { AwsError, notImplemented } from "../kernel/error.ts";
import { CATALOG, type Protocol, type WireService } from "./catalog.ts";
import type { WireRequest } from "./request.ts";
import { claimedService } from "./signature.ts";

export interface Choice {
  entry: WireService;
  protocol: Protocol;
  /** Known already for the RPC protocols over JSON. */
  operation?: string;
}

export function choose(request: WireRequest): Choice {
  const target = request.headers["x-amz-target"];
  if (target !== undefined) {
    const dot = target.lastIndexOf(".");
    const entry = CATALOG.find((candidate) => candidate.target === target.slice(0, dot));
    if (!entry) throw notImplemented(`the service of "${target}"`);
    return { entry, protocol: "json", operation: target.slice(dot + 1) };
  }
  const scope = claimedService(request);
  const byPath = CATALOG.find(
    (entry) => entry.paths?.test(request.path) && (scope === undefined || scope === entry.scope),
  );
  if (byPath) return { entry: byPath, protocol: byPath.protocol };

  const isForm = request.headers["content-type"]?.startsWith("application/x-www-form-urlencoded");
  if ((isForm || request.query.has("Action")) && scope !== "s3") {
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
  const s3 = CATALOG.find((entry) => entry.service === "s3")!;
  return { entry: s3, protocol: s3.protocol };
}

/** S3's bucket from the host (`bucket.localhost`) or the path's first part; what is left of the path, still encoded. */
export function splitBucket(request: WireRequest): { bucket?: string; path: string } {
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  const virtual =
    /^(.+?)(?:\.s3(?:[.-][a-z0-9-]+)*)?\.localhost$/.exec(host) ??
    /^(.+?)\.s3(?:[.-][a-z0-9-]+)*\.amazonaws\.com$/.exec(host);
  if (virtual) return { bucket: virtual[1]!, path: request.path };
  const [, bucket = "", key = ""] = /^\/([^/]*)(.*)$/s.exec(request.path) ?? [];
  return bucket === "" ? { path: "/" } : { bucket, path: key === "" ? "/" : key };
}
