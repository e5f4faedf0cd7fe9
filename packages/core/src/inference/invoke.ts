import { InvokeEndpointCommand } from "@aws-sdk/client-sagemaker-runtime";
import { runtime } from "../aws/runtime.ts";
import type { Task } from "../prediction/prediction.ts";
import { parseAnswer } from "./answer.ts";
import { type Bare, bareContentType, parseBare } from "./bare.ts";
import { askLater, type Stored } from "./ask-later.ts";
import { classify } from "./classify.ts";
import { retryPolicy, withRetry, type Surroundings } from "./retry.ts";

export interface Invocation {
  endpoint: string;
  task: Task;
  bytes: Uint8Array;
  contentType: string;
  /** Joins SageMaker's own logs and captures with the prediction. */
  inferenceId: string;
  /** Epoch ms after which no further try is begun, and the running one is given up. */
  deadline: number;
  /** For an asynchronous endpoint: where the same bytes lie. */
  stored?: Stored;
  /** For an image that answers bare probabilities. */
  bare?: Bare;
}

export async function invoke(wanted: Invocation, around: Surroundings) {
  const what = wanted.bare ? { ...wanted, contentType: bareContentType } : wanted;
  const send = async () => {
    try {
      return await (what.stored ? askLater(what, what.stored, around) : ask(what, around));
    } catch (error) {
      throw classify(error, what.endpoint);
    }
  };
  const { body, variant } = await withRetry(send, retryPolicy(), what.deadline, around);
  const served = { variant: variant ?? "AllTraffic" };
  if (!what.bare) return { ...served, answer: parseAnswer(body, what.task, what.endpoint), body };
  const answer = parseBare(body, what.bare, what.endpoint);
  // Captured as any other answer is.
  return { ...served, answer, body: Buffer.from(JSON.stringify(answer)) };
}

async function ask(what: Invocation, around: Surroundings) {
  const output = await runtime().send(
    new InvokeEndpointCommand({
      EndpointName: what.endpoint,
      Body: what.bytes,
      ContentType: what.contentType,
      Accept: "application/json",
      InferenceId: what.inferenceId,
    }),
    { abortSignal: AbortSignal.timeout(Math.max(0, what.deadline - around.now())) },
  );
  return { body: output.Body ?? new Uint8Array(), variant: output.InvokedProductionVariant };
}
