import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { sagemakerRuntime } from "../aws/sagemaker-runtime.ts";
import type { Runtime } from "../util/runtime.ts";
import { classifyError } from "./classify.ts";
import type { Invocation } from "./invocation.ts";
import { invokeAsync } from "./invoke-async.ts";
import { parseProbabilityList, probabilityListContentType } from "./probability-list.ts";
import { parseResponse } from "./response.ts";
import { retryPolicy, withRetry } from "./retry.ts";

export async function invokeEndpoint(request: Invocation, runtime: Runtime) {
  const { probabilityList, endpoint, task } = request;
  const sent = probabilityList ? { ...request, contentType: probabilityListContentType } : request;
  const send = async () => {
    try {
      return await (sent.stored ? invokeAsync(sent, sent.stored, runtime) : invokeOnce(sent, runtime));
    } catch (error) {
      throw classifyError(error, endpoint);
    }
  };
  const { body, variant = "AllTraffic" } = await withRetry(send, retryPolicy(), sent.deadline, runtime);
  if (!probabilityList) return { variant, response: parseResponse(body, task, endpoint), body };
  const response = parseProbabilityList(body, probabilityList, endpoint);
  // Data capture stores the same form for every model.
  return { variant, response, body: Buffer.from(JSON.stringify(response)) };
}

async function invokeOnce(request: Invocation, runtime: Runtime) {
  const output = await sagemakerRuntime().send(
    new InvokeEndpointCommand({
      EndpointName: request.endpoint,
      Body: request.bytes,
      ContentType: request.contentType,
      Accept: "application/json",
      InferenceId: request.inferenceId,
    }),
    { abortSignal: AbortSignal.timeout(Math.max(0, request.deadline - runtime.now())) },
  );
  return { body: output.Body ?? new Uint8Array(), variant: output.InvokedProductionVariant };
}
