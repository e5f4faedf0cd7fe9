// Handles browser requests that are no SDK operation: preflights and POST forms. Sets CORS and security headers on
// responses to all other requests.
import type { IncomingMessage, ServerResponse } from "node:http";
import { findBucket } from "./bucket/buckets.ts";
import { setCorsHeaders, allowsOrigin, handlePreflight } from "./bucket/cors.ts";
import type { S3 } from "./context.ts";
import { noSuchBucket } from "./errors.ts";
import { handleForm } from "./post/post.ts";
import { splitBucket } from "../../wire/bucket.ts";

export async function handleBrowserRequest(
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
  // Buckets share the page's origin here: an uploaded HTML file must not run as the page.
  response.setHeader("content-security-policy", "sandbox");
  response.setHeader("x-content-type-options", "nosniff");
  const isForm = request.headers["content-type"]?.toLowerCase().startsWith("multipart/form-data");
  if (request.method !== "POST" || !isForm || request.url?.includes("?")) return false;
  if (!bucket) throw noSuchBucket(name);
  await handleForm(s3, bucket.name, request, response);
  return true;
}

/** Preflights pass: they change nothing, and S3's response states why they fail. */
export function allowsCrossOrigin(s3: S3, request: IncomingMessage): boolean {
  if (request.method === "OPTIONS") return true;
  // An image or link on another page: its signature decides, as on AWS.
  if (request.headers.origin === undefined) return request.method === "GET" || request.method === "HEAD";
  const bucket = findBucket(s3, bucketOf(request));
  return bucket !== undefined && allowsOrigin(bucket, request);
}

/** The bucket of the request. */
function bucketOf({ url = "/", headers }: IncomingMessage): string {
  const { bucket = "" } = splitBucket({ headers, path: url.split("?")[0]! });
  try {
    return decodeURIComponent(bucket);
  } catch {
    return "";
  }
}
