import type { Principal } from "../../../kernel/service.ts";
import { isObject, type Json } from "../language/json.ts";
import { describeAwsError, TaskError } from "./error.ts";
import type { Calls } from "./call.ts";

interface Invocation {
  StatusCode: number;
  ExecutedVersion?: string;
  Payload?: Uint8Array;
  FunctionError?: string;
}

/** A function's ARN as the resource: the result is its response. */
export async function invokeFunction(calls: Calls, arn: string, input: Json, as: Principal): Promise<Json> {
  const { payload } = await invoke(calls, { FunctionName: arn, Payload: input }, as);
  return payload;
}

/** `lambda:invoke`: returns the payload with status code and metadata. */
export async function invokeOptimized(calls: Calls, parameters: Json, as: Principal): Promise<Json> {
  if (!isObject(parameters)) throw new TaskError("States.Runtime", "The parameters must be an object.");
  const { payload, invocation } = await invoke(calls, parameters, as);
  return {
    ExecutedVersion: invocation.ExecutedVersion ?? "$LATEST",
    Payload: payload,
    SdkHttpMetadata: { AllHttpHeaders: {}, HttpHeaders: {}, HttpStatusCode: invocation.StatusCode },
    SdkResponseMetadata: { RequestId: "local" },
    StatusCode: invocation.StatusCode,
  };
}

async function invoke(calls: Calls, parameters: { [key: string]: Json }, as: Principal) {
  const { Payload = {}, ...rest } = parameters;
  let invocation: Invocation;
  try {
    invocation = await calls.call<Invocation>(
      "lambda",
      "Invoke",
      { ...rest, Payload: JSON.stringify(Payload) },
      as,
    );
  } catch (error) {
    throw describeAwsError("Lambda", "AWSLambda", error);
  }
  const text = invocation.Payload ? Buffer.from(invocation.Payload).toString() : "null";
  const payload = parse(text);
  if (!invocation.FunctionError) return { payload, invocation };
  const type = isObject(payload) ? payload["errorType"] : undefined;
  throw new TaskError(typeof type === "string" ? type : "Lambda.Unknown", text);
}

function parse(text: string): Json {
  try {
    return text === "" ? null : (JSON.parse(text) as Json);
  } catch {
    return text;
  }
}
