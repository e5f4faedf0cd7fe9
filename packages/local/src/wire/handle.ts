// Handles one AWS request: find its service, authenticate, parse, perform, respond.
import { createHash, randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { AwsError, notImplemented } from "../kernel/error.ts";
import { ConnectionReset, type RunningKernel } from "../kernel/kernel.ts";
import { CATALOG, type WireService } from "./catalog.ts";
import { splitBucket } from "./bucket.ts";
import { chooseService, type ServiceChoice } from "./choose.ts";
import { jsonCodec, xmlCodec, type Codec } from "./codec.ts";
import { asAwsError, writeError, type ResponseFormat } from "./error.ts";
import { loadModel, type Model } from "./model.ts";
import { readQuery, writeQuery } from "./query.ts";
import { readWireRequest, openBody, type WireRequest } from "./request.ts";
import { readRest, writeRest, type HttpResponse, type RequestBody } from "./rest.ts";
import { matchRoute } from "./match.ts";
import { isCrossOrigin } from "./origin.ts";
import { authenticate } from "./signature.ts";

type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

export function awsHandler(kernel: RunningKernel): Handler {
  const models = new Map<WireService, Promise<Model>>();
  const modelOf = (entry: WireService) => {
    let model = models.get(entry);
    if (!model) models.set(entry, (model = loadModel(entry)));
    return model;
  };
  const codecs = new Map<string, Codec>();
  const codecOf = ({ entry, protocol }: ServiceChoice) => {
    const id = `${protocol} ${entry.jsonVersion ?? entry.xmlns ?? entry.query?.xmlns ?? ""}`;
    let codec = codecs.get(id);
    if (!codec) codecs.set(id, (codec = createCodec(entry, protocol)));
    return codec;
  };
  // Created at the start, so that an SDK with changed codecs fails the start and not a request.
  for (const entry of CATALOG) codecOf({ entry, protocol: entry.protocol });

  return async (incoming, response) => {
    const requestId = randomUUID();
    const request = readWireRequest(incoming);
    let format: ResponseFormat = responseFormat(guessProtocol(request), codecOf);
    try {
      const choice = chooseService(request);
      format = responseFormat(choice, codecOf);
      const service = kernel.services.get(choice.entry.service);
      if (isCrossOrigin(incoming) && !service?.allowsOrigin?.(incoming)) throw originNotAllowed(request);
      if (await service?.intercept?.(incoming, response)) return;
      const model = (format.model = await modelOf(choice.entry));
      const body = openBody(incoming, request.headers);
      const digest = async () =>
        createHash("sha256")
          .update(await body.raw())
          .digest("hex");
      const principal = await authenticate(request, digest, kernel.keys.identify, {
        cloud: kernel.clock.now(),
        wall: Date.now(),
      });
      const call = await parseCall(
        choice,
        model,
        format.codec,
        request,
        body,
        (name) => !!service?.operations[name],
      );
      const output = await kernel.perform(choice.entry.service, call.operation, call.input, {
        requestId,
        principal,
        signal: closeSignal(response),
        headers: request.headers,
      });
      await sendResponse(response, call.respond(output ?? {}, requestId), requestId, request.method);
    } catch (thrown) {
      if (thrown instanceof ConnectionReset || response.headersSent || response.destroyed)
        return void incoming.socket.destroy();
      const error = asAwsError(thrown);
      if (error.cause && error.status >= 500)
        kernel.log(
          "error",
          `${request.method} ${request.path} failed: ${String((error.cause as Error).stack ?? error.cause)}`,
        );
      await sendResponse(response, writeError(format, error, requestId), requestId, request.method);
    } finally {
      // Discard an unread body: it would block the connection.
      incoming.resume();
    }
  };
}

const S3 = CATALOG.find((entry) => entry.service === "s3")!;
const STS = CATALOG.find((entry) => entry.service === "sts")!;
const JSON_SERVICE = CATALOG.find((entry) => entry.protocol === "json")!;

/** The likely protocol of a request, for errors before its service is known. */
function guessProtocol({ headers }: WireRequest): ServiceChoice {
  if (headers["x-amz-target"] !== undefined) return { entry: JSON_SERVICE, protocol: "json" };
  if (headers["content-type"]?.includes("form-urlencoded")) return { entry: STS, protocol: "query" };
  return { entry: S3, protocol: "rest-xml" };
}

function responseFormat(choice: ServiceChoice, codecOf: (choice: ServiceChoice) => Codec): ResponseFormat {
  return { entry: choice.entry, protocol: choice.protocol, codec: codecOf(choice) };
}

function createCodec(entry: WireService, protocol: ServiceChoice["protocol"]): Codec {
  if (protocol === "json")
    return jsonCodec({ contentType: `application/x-amz-json-${entry.jsonVersion}`, names: false });
  if (protocol === "rest-json") return jsonCodec({ contentType: "application/json", names: true });
  return xmlCodec(protocol === "query" ? entry.query!.xmlns : entry.xmlns!);
}

interface ParsedCall {
  operation: string;
  input: unknown;
  respond(output: any, requestId: string): HttpResponse;
}

async function parseCall(
  { entry, protocol, operation: named }: ServiceChoice,
  model: Model,
  codec: Codec,
  request: WireRequest,
  body: RequestBody,
  isBuilt: (name: string) => boolean,
): Promise<ParsedCall> {
  if (protocol === "json") {
    const operation = model.operations.get(named!);
    if (!operation) throw notImplemented(`${entry.service}:${named}`);
    const input = await codec.read(operation.input, await body.buffer());
    return {
      operation: operation.name,
      input,
      respond: (output) => ({
        status: output.$metadata?.httpStatusCode ?? 200,
        headers: { "content-type": codec.contentType },
        body: operation.output.isStructSchema() ? codec.write(operation.output, output) : "{}",
      }),
    };
  }
  if (protocol === "query") {
    const form =
      request.method === "GET" ? request.query : new URLSearchParams((await body.buffer()).toString());
    const operation = model.operations.get(form.get("Action") ?? "");
    if (!operation) throw notImplemented(`${entry.service}:${form.get("Action")}`);
    const input = readQuery(operation.input, form);
    // Old clients send requests to the queue's URL.
    if (entry.service === "sqs" && !input.QueueUrl && request.path.length > 1)
      input.QueueUrl = `http://${request.headers.host}${request.path}`;
    return {
      operation: operation.name,
      input,
      respond: (output, requestId) => ({
        status: 200,
        headers: { "content-type": "text/xml" },
        body: writeQuery(operation, output, codec, entry.query!.xmlns, requestId),
      }),
    };
  }
  const base = entry.paths?.exec(request.path);
  const address =
    entry === S3 ? splitBucket(request) : { path: request.path.slice(base?.groups ? base[0].length : 0) };
  const rest = { ...request, ...address };
  const match = matchRoute(model.operations.values(), rest, isBuilt);
  if (!match)
    throw new AwsError(
      "MethodNotAllowed",
      `No operation of ${entry.service} is at ${request.method} ${request.path}.`,
      {
        status: 405,
      },
    );
  const input = { ...(await readRest(match, rest, body, codec)), ...base?.groups };
  return { operation: match.operation.name, input, respond: (output) => writeRest(match, output, codec) };
}

function originNotAllowed({ headers }: WireRequest) {
  return new AwsError(
    "AccessDenied",
    `Pages of ${headers.origin ?? "another site"} may not send this request. No CORS rule allows it.`,
    { status: 403 },
  );
}

function closeSignal(response: ServerResponse): AbortSignal {
  const closed = new AbortController();
  response.once("close", () => {
    if (!response.writableFinished) closed.abort();
  });
  return closed.signal;
}

async function sendResponse(
  response: ServerResponse,
  httpResponse: HttpResponse,
  requestId: string,
  method: string,
) {
  const { status, headers, body } = httpResponse;
  const hasBody = method !== "HEAD" && status !== 304 && status !== 204;
  response.statusCode = status;
  response.setHeader("x-amzn-requestid", requestId);
  response.setHeader("x-amz-request-id", requestId);
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (body instanceof Readable && hasBody) return pipeline(body, response);
  if (body instanceof Readable) body.destroy();
  else if (body !== undefined && !response.hasHeader("content-length"))
    response.setHeader("content-length", Buffer.byteLength(body));
  response.end(hasBody ? body : undefined);
}
