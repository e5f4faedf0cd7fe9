// Which bucket an S3 request addresses.
import type { IncomingHttpHeaders } from "node:http";

interface Addressed {
  headers: Pick<IncomingHttpHeaders, "host">;
  path: string;
}

/** `bucket.localhost` and `bucket.s3.us-east-1.localhost`: virtual-host addressing. */
export function bucketOfHost({ headers }: Pick<Addressed, "headers">): string | undefined {
  const host = (headers.host ?? "").replace(/:\d+$/, "");
  return /^(.+?)(?:\.s3(?:[.-][a-z0-9-]+)*)?\.localhost$/.exec(host)?.[1];
}

/** S3's bucket from the host or the path's first part; the rest of the path is still encoded. */
export function splitBucket(request: Addressed): {
  bucket?: string;
  path: string;
} {
  const virtual = bucketOfHost(request);
  if (virtual !== undefined) return { bucket: virtual, path: request.path };
  const [, bucket = "", key = ""] = /^\/([^/]*)(.*)$/s.exec(request.path) ?? [];
  return bucket === "" ? { path: "/" } : { bucket, path: key === "" ? "/" : key };
}
