// Serves distributions under /_site/<distribution>/...: the bucket's files, with the headers their policy adds.
import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { AwsError } from "../../kernel/error.ts";
import type { Kernel, Service } from "../../kernel/service.ts";
import { StorageError } from "../../kernel/storage-error.ts";
import { PREFIX, readDistributions } from "./declared.ts";

const PRINCIPAL = { kind: "service", name: "cloudfront.amazonaws.com" } as const;

interface StoredObject {
  $metadata: { httpStatusCode: number };
  ContentType?: string;
  ContentLength?: number;
  CacheControl?: string;
  ETag: string;
  Body?: NodeJS.ReadableStream;
}

export function startCloudFront(kernel: Kernel): Service {
  const distributions = readDistributions(kernel.graph);

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const { pathname } = new URL(request.url ?? "/", kernel.cloud.endpoint);
    const [, id = "", path] = /^\/_site\/([^/]*)(\/.*)?$/.exec(pathname) ?? [];
    const distribution = distributions.get(id);
    const respond = (status: number, text: string, headers: Record<string, string> = {}) =>
      void response
        .writeHead(status, { ...distribution?.headers, ...headers, "content-type": "text/plain" })
        .end(`${text}\n`);
    if (!distribution) {
      const names = [...distributions.keys()].join(", ") || "none";
      return respond(404, `No distribution "${id}" here. There are: ${names}.`);
    }
    if (request.method !== "GET" && request.method !== "HEAD")
      return respond(403, "This distribution is read only.");
    // Without the slash, relative URLs would leave the distribution's path.
    if (path === undefined) return respond(301, "Moved", { location: `${PREFIX}${id}/` });

    const Key = path === "/" ? distribution.rootObject : decode(path.slice(1));
    if (!Key) return respond(404, "Nothing is published here.");
    try {
      const IfNoneMatch = request.headers["if-none-match"];
      const operation = request.method === "HEAD" ? "HeadObject" : "GetObject";
      const found = await kernel.call<StoredObject>(
        "s3",
        operation,
        { Bucket: distribution.bucket, Key, IfNoneMatch },
        PRINCIPAL,
      );
      response.writeHead(found.$metadata.httpStatusCode, {
        ...distribution.headers,
        etag: found.ETag,
        ...(found.CacheControl && { "cache-control": found.CacheControl }),
        ...(found.ContentType && { "content-type": found.ContentType }),
        ...(found.ContentLength !== undefined && { "content-length": found.ContentLength }),
      });
      if (found.Body) await pipeline(found.Body, response);
      else response.end();
    } catch (error) {
      if (response.headersSent) return void response.destroy();
      if (error instanceof StorageError) return respond(503, error.message);
      if (!(error instanceof AwsError)) throw error;
      respond(error.status, error.code === "NoSuchKey" ? `Nothing is published at ${path}.` : error.code);
    }
  }

  return { operations: {}, access: () => [], routes: { [PREFIX]: { serve } } };
}

function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
