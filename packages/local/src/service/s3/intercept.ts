// Requests a browser makes that no SDK operation describes: preflights and forms. Everything else gets the headers its
// page needs and goes on to its operation.
import type { IncomingMessage, ServerResponse } from "node:http";
import { findBucket } from "./bucket/buckets.ts";
import { allowOrigin, answerPreflight } from "./bucket/cors.ts";
import type { S3 } from "./context.ts";
import { noSuchBucket } from "./errors.ts";
import { answerForm } from "./post/post.ts";

export async function intercept(
  s3: S3,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const name = bucketOf(request);
  const bucket = name === "" ? undefined : findBucket(s3, name);
  if (request.method === "OPTIONS") {
    answerPreflight(bucket, request, response);
    return true;
  }
  if (bucket) allowOrigin(bucket, request, response);
  const isForm = request.headers["content-type"]?.toLowerCase().startsWith("multipart/form-data");
  if (request.method !== "POST" || !isForm || request.url?.includes("?")) return false;
  if (!bucket) throw noSuchBucket(name);
  await answerForm(s3, bucket.name, request, response);
  return true;
}

/** In the path, or in the host's first label where the host is no bare address. */
function bucketOf({ url = "/", headers }: IncomingMessage): string {
  const host = (headers.host ?? "").replace(/:\d+$/, "");
  const [, label] = /^([a-z0-9][a-z0-9.-]+?)\.(?:s3[.-]|localhost$)/.exec(host) ?? [];
  if (label !== undefined) return label;
  try {
    return decodeURIComponent(url.slice(1).split(/[/?]/)[0] ?? "");
  } catch {
    return "";
  }
}
