// Client of the Lambda Runtime API.
import { Agent, request, type IncomingMessage } from "node:http";
import { env } from "node:process";
import type { Failure } from "./handler.ts";

export interface Invocation {
  requestId: string;
  traceId: string;
  event: unknown;
  context: Record<string, unknown>;
}

const VERSION = "/2018-06-01/runtime";

export function runtimeClient(address: string) {
  const [host, port] = address.split(":");
  const agent = new Agent({ keepAlive: true });

  const open = (method: string, path: string, headers: Record<string, string | number> = {}) =>
    request({ host, port, agent, method, path: VERSION + path, headers });

  const call = (method: string, path: string, body = "", headers: Record<string, string> = {}) =>
    new Promise<{ response: IncomingMessage; body: string }>((resolve, reject) => {
      const sent = open(method, path, { ...headers, "content-length": Buffer.byteLength(body) });
      sent.on("error", reject).on("response", (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (part: string) => (text += part));
        response.on("error", reject).on("end", () => resolve({ response, body: text }));
      });
      sent.end(body);
    });

  const report = (path: string, { errorType, errorMessage, trace }: Failure) =>
    call("POST", path, JSON.stringify({ errorType, errorMessage, trace }), {
      "content-type": "application/json",
      "lambda-runtime-function-error-type": errorType.replace(/[^\x20-\x7e]/g, "?"),
    });

  return {
    async next(): Promise<Invocation> {
      const { response, body } = await call("GET", "/invocation/next").catch(() => process.exit(0));
      const header = (name: string) => String(response.headers[name] ?? "");
      const requestId = header("lambda-runtime-aws-request-id");
      // The cloud's clock may differ from the machine's: convert the deadline.
      const skew = Number(header("lambda-runtime-clock-ms") || Date.now()) - Date.now();
      const deadline = Number(header("lambda-runtime-deadline-ms")) - skew;
      const parsed = (name: string) => (header(name) ? JSON.parse(header(name)) : undefined);
      return {
        requestId,
        traceId: header("lambda-runtime-trace-id"),
        event: JSON.parse(body),
        context: {
          callbackWaitsForEmptyEventLoop: true,
          functionName: env.AWS_LAMBDA_FUNCTION_NAME,
          functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
          memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
          logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
          logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
          awsRequestId: requestId,
          invokedFunctionArn: header("lambda-runtime-invoked-function-arn"),
          clientContext: parsed("lambda-runtime-client-context"),
          identity: parsed("lambda-runtime-cognito-identity"),
          getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
        },
      };
    },
    respond: (requestId: string, payload: string) =>
      call("POST", `/invocation/${requestId}/response`, payload, { "content-type": "application/json" }),
    fail: (requestId: string, failure: Failure) => report(`/invocation/${requestId}/error`, failure),
    initError: (failure: Failure) => report("/init/error", failure),
    openStream: (requestId: string, contentType: string) =>
      open("POST", `/invocation/${requestId}/response`, {
        "content-type": contentType,
        "lambda-runtime-function-response-mode": "streaming",
        "transfer-encoding": "chunked",
        trailer: "lambda-runtime-function-error-type, lambda-runtime-function-error-body",
      }),
  };
}
