// A request without normalization: signatures and S3 keys depend on every byte.
import { createHash } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { Transform, pipeline, type Readable } from "node:stream";
import { gunzipSync } from "node:zlib";
import { AwsError } from "../kernel/error.ts";
import type { RequestBody } from "./rest.ts";

export interface WireRequest {
  method: string;
  path: string;
  query: URLSearchParams;
  rawQuery: string;
  /** Lower-cased names; repeated headers joined by a comma. */
  headers: Record<string, string>;
}

// More than any buffered operation needs (25 MB for real-time endpoints, 16 MB for DynamoDB). S3 bodies are streamed.
const MAX_BUFFERED = 32 * 1024 * 1024;

export function readWireRequest(request: IncomingMessage): WireRequest {
  const url = request.url ?? "/";
  const mark = url.indexOf("?");
  const rawQuery = mark < 0 ? "" : url.slice(mark + 1);
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers))
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(",") : value;
  return {
    method: request.method ?? "GET",
    path: mark < 0 ? url : url.slice(0, mark),
    query: parseQuery(rawQuery),
    rawQuery,
    headers,
  };
}

/** Unlike in a form, `+` in a query string of AWS is literal. */
function parseQuery(raw: string) {
  return new URLSearchParams(raw.replaceAll("+", "%2B"));
}

/** The body, verified against the digest in the signature. */
export function openBody(
  request: IncomingMessage,
  headers: Record<string, string>,
): RequestBody & { raw(): Promise<Buffer> } {
  const signed = headers["x-amz-content-sha256"] ?? "";
  const digest = /^[0-9a-f]{64}$/.test(signed) ? signed : undefined;
  let read: Promise<Buffer> | undefined;
  const raw = () => (read ??= collect(request, digest));
  return {
    raw,
    async buffer() {
      const bytes = await raw();
      return headers["content-encoding"] === "gzip" ? unzip(bytes) : bytes;
    },
    stream: () => (digest === undefined ? request : pipeline(request, digestCheck(digest), () => {})),
  };
}

async function collect(request: Readable, digest: string | undefined): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BUFFERED)
      throw new AwsError(
        "RequestEntityTooLarge",
        `The request's body is larger than ${MAX_BUFFERED} bytes.`,
        { status: 413 },
      );
    chunks.push(chunk);
  }
  const bytes = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks);
  if (digest !== undefined && createHash("sha256").update(bytes).digest("hex") !== digest)
    throw digestMismatch();
  return bytes;
}

function digestCheck(digest: string) {
  const hash = createHash("sha256");
  return new Transform({
    transform(chunk, _encoding, done) {
      hash.update(chunk);
      done(null, chunk);
    },
    flush(done) {
      done(hash.digest("hex") === digest ? null : digestMismatch());
    },
  });
}

const digestMismatch = () =>
  new AwsError(
    "XAmzContentSHA256Mismatch",
    "The provided 'x-amz-content-sha256' header does not match what was computed.",
  );

function unzip(bytes: Buffer) {
  try {
    return gunzipSync(bytes, { maxOutputLength: MAX_BUFFERED });
  } catch (cause) {
    throw new AwsError("SerializationException", "The request's body is not valid gzip, or too large.", {
      cause,
    });
  }
}
