// REST bindings both ways: input from labels, query, headers and body; output to status, headers and body.
import { Readable } from "node:stream";
import type { NormalizedSchema } from "@smithy/core/schema";
import { AwsError } from "../kernel/error.ts";
import type { Codec } from "./codec.ts";
import type { Match, RestRequest } from "./match.ts";
import type { Member } from "./route.ts";
import { headerText, readText, writeText } from "./text.ts";

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body?: string | Uint8Array | Readable;
}

/** `body.stream` for a streamed member, `body.buffer` for everything else. */
export interface RequestBody {
  stream(): Readable;
  buffer(): Promise<Buffer>;
}

const isBodyMember = ({ traits }: Member) =>
  !traits.httpLabel &&
  !traits.httpQuery &&
  !traits.httpHeader &&
  !traits.httpQueryParams &&
  !traits.httpPayload &&
  !traits.httpResponseCode &&
  typeof traits.httpPrefixHeaders !== "string";

export async function readRest(
  { operation, labels }: Match,
  request: RestRequest,
  body: RequestBody,
  codec: Codec,
): Promise<Record<string, unknown>> {
  const input: Record<string, unknown> = {};
  const members = operation.route!.input;
  if (members.some(isBodyMember))
    Object.assign(input, await codec.read(operation.input, await body.buffer()));
  for (const member of members) {
    const value = await readMember(member, labels, request, body, codec);
    if (value !== undefined) input[member.name] = value;
  }
  return input;
}

async function readMember(
  { name, schema, traits }: Member,
  labels: Record<string, string>,
  request: RestRequest,
  body: RequestBody,
  codec: Codec,
): Promise<unknown> {
  if (traits.httpLabel) {
    const raw = name === "Bucket" && request.bucket !== undefined ? request.bucket : labels[name];
    return raw === undefined ? undefined : readText(schema, decode(raw));
  }
  if (traits.httpQuery) {
    const values = request.query.getAll(traits.httpQuery);
    if (values.length === 0) return undefined;
    return schema.isListSchema()
      ? values.map((value) => readText(schema.getValueSchema(), value))
      : readText(schema, values[0]!);
  }
  if (traits.httpHeader) {
    const text = request.headers[traits.httpHeader.toLowerCase()];
    return text === undefined ? undefined : readText(schema, text);
  }
  if (typeof traits.httpPrefixHeaders === "string") {
    const prefix = traits.httpPrefixHeaders.toLowerCase();
    const entries = Object.entries(request.headers).filter(([key]) => key.startsWith(prefix));
    return entries.length
      ? Object.fromEntries(entries.map(([key, value]) => [key.slice(prefix.length), value]))
      : undefined;
  }
  if (traits.httpPayload) return readPayload(schema, body, codec);
  return undefined;
}

async function readPayload(schema: NormalizedSchema, body: RequestBody, codec: Codec): Promise<unknown> {
  if (schema.isStreaming()) return body.stream();
  const bytes = await body.buffer();
  if (schema.isBlobSchema()) return bytes;
  if (bytes.length === 0) return undefined;
  return schema.isStringSchema() ? bytes.toString() : codec.read(schema, bytes);
}

function decode(text: string) {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new AwsError(
      "InvalidURI",
      `Couldn't parse the specified URI: "${text}" is not percent-encoded UTF-8.`,
    );
  }
}

export function writeRest({ operation }: Match, output: Record<string, any>, codec: Codec): HttpResponse {
  const route = operation.route!;
  const response: HttpResponse = { status: output.$metadata?.httpStatusCode ?? route.status, headers: {} };
  const rest: Record<string, unknown> = {};
  let hasBody = false;
  for (const member of route.output) {
    const value = output[member.name];
    const { name, schema, traits } = member;
    if (isBodyMember(member)) hasBody = true;
    if (value === undefined || value === null) continue;
    if (traits.httpHeader)
      response.headers[traits.httpHeader.toLowerCase()] = headerText(writeText(schema, value));
    else if (typeof traits.httpPrefixHeaders === "string")
      for (const [key, text] of Object.entries(value))
        response.headers[traits.httpPrefixHeaders + key.toLowerCase()] = headerText(String(text));
    else if (traits.httpResponseCode) response.status = value as number;
    else if (traits.httpPayload) writePayload(response, schema, value, codec);
    else rest[name] = value;
  }
  if (hasBody && response.body === undefined) {
    response.headers["content-type"] = codec.contentType;
    response.body =
      operation.name === "GetBucketLocation" ? bucketLocation(output) : codec.write(operation.output, rest);
  }
  return response;
}

function writePayload(response: HttpResponse, schema: NormalizedSchema, value: any, codec: Codec) {
  if (typeof value === "string" || value instanceof Uint8Array || value instanceof Readable)
    response.body = value;
  else if (schema.isStreaming()) response.body = Readable.fromWeb(value as never);
  else {
    response.headers["content-type"] = codec.contentType;
    response.body = codec.write(schema, value);
  }
}

/** The one S3 response whose root element is the value itself. */
function bucketLocation({ LocationConstraint = "" }: Record<string, string>) {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${LocationConstraint}</LocationConstraint>`;
}
