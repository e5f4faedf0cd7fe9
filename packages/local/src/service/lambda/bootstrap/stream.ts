// `awslambda.streamifyResponse` and `awslambda.HttpResponseStream`: streaming responses.
import type { ClientRequest } from "node:http";
import { Writable } from "node:stream";
import type { Failure, Handler } from "./handler.ts";

const STREAMING = Symbol.for("aws.lambda.runtime.handler.streaming");
const HTTP_INTEGRATION_RESPONSE = "application/vnd.awslambda.http-integration-response";

/** The request to the Runtime API that carries the response. It starts with the first byte, or at the end. */
export class ResponseStream extends Writable {
  contentType = "application/octet-stream";
  prelude = "";
  readonly done: Promise<void>;
  #open: () => ClientRequest;
  #request: ClientRequest | undefined;
  #settle!: () => void;

  constructor(open: () => ClientRequest) {
    super({ highWaterMark: 64 * 1024 });
    this.#open = open;
    this.done = new Promise((resolve) => (this.#settle = resolve));
    // A client that disconnects is not the handler's error: the handler sees a closed stream.
    this.on("error", () => {}).on("close", () => {
      if (!this.writableFinished) this.#request?.destroy();
      this.#settle();
    });
  }

  get opened() {
    return this.#request !== undefined;
  }

  setContentType(type: string) {
    this.contentType = type;
  }

  failWith({ errorType, errorMessage, trace }: Failure) {
    const body = Buffer.from(JSON.stringify({ errorType, errorMessage, trace })).toString("base64");
    this.#request?.addTrailers({
      "lambda-runtime-function-error-type": errorType,
      "lambda-runtime-function-error-body": body,
    });
    this.end();
  }

  #sink(): ClientRequest {
    if (this.#request) return this.#request;
    const request = this.#open();
    request.on("error", () => this.destroy()).on("response", (response) => response.resume());
    request.on("close", () => this.destroy());
    this.#request = request;
    if (this.prelude) request.write(this.prelude);
    else request.flushHeaders();
    return request;
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void) {
    this.#sink().write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void) {
    this.#sink().end(done);
  }
}

export const isStreaming = (handler: Handler) => STREAMING in handler;

export function installStreaming() {
  Object.assign(globalThis, {
    awslambda: {
      streamifyResponse: (handler: Handler) => Object.assign(handler, { [STREAMING]: "response" }),
      HttpResponseStream: {
        from(stream: ResponseStream, prelude: unknown) {
          stream.setContentType(HTTP_INTEGRATION_RESPONSE);
          // Eight zero bytes separate the JSON head from the body.
          stream.prelude = JSON.stringify(prelude) + "\0".repeat(8);
          return stream;
        },
      },
    },
  });
}
