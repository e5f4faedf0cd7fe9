// Requests a browser makes that no SDK operation describes: preflights and forms. Everything else gets the headers its
// page needs and goes on to its operation.
import type { IncomingMessage, ServerResponse } from "node:http";
import { findBucket } from "./bucket/buckets.ts";
import { setCorsHeaders, allowsOrigin, handlePreflight } from "./bucket/cors.ts";
import type { S3 } from "./context.ts";
import { noSuchBucket } from "./errors.ts";
import { handleForm } from "./post/post.ts";
import { splitBucket } from "../../wire/bucket.ts";

export async function intercept(
  s3: S3,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  const name = bucketOf(request);
  const bucket = name === "" ? undefined : findBucket(s3, name);
  if (request.method === "OPTIONS") {
    handlePreflight(bucket, request, response);
    return true;
  }
  if (bucket) setCorsHeaders(bucket, request, response);
  // On AWS a bucket has an origin of its own. Here it shares the page's: an uploaded HTML file must not run as the page.
  response.setHeader("content-security-policy", "sandbox");
  response.setHeader("x-content-type-options", "nosniff");
  const isForm = request.headers["content-type"]?.toLowerCase().startsWith("multipart/form-data");
  if (request.method !== "POST" || !isForm || request.url?.includes("?")) return false;
  if (!bucket) throw noSuchBucket(name);
  await handleForm(s3, bucket.name, request, response);
  return true;
}

/** Preflights are let through: they change nothing, and their refusal says why in S3's own words. */
export function allowsCrossOrigin(s3: S3, request: IncomingMessage): boolean {
  if (request.method === "OPTIONS") return true;
  // An image or a link on another page. The signature in its address is what allows it, as on AWS.
  if (request.headers.origin === undefined) return request.method === "GET" || request.method === "HEAD";
  const bucket = findBucket(s3, bucketOf(request));
  return bucket !== undefined && allowsOrigin(bucket, request);
}

/** The bucket that the request's operation will use. */
function bucketOf({ url = "/", headers }: IncomingMessage): string {
  const { bucket = "" } = splitBucket({ headers, path: url.split("?")[0]! });
  try {
    return decodeURIComponent(bucket);
  } catch {
    return "";
  }
}
