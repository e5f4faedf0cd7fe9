// Calls of AWS services: the optimized integrations, and `aws-sdk:service:action`.
import type { Kernel, Principal } from "../../../kernel/service.ts";
import { isObject, type Json, type JsonObject } from "../language/json.ts";
import { describeAwsError, TaskError } from "./error.ts";

export type Calls = Pick<Kernel, "call">;

/** By the name in a resource's ARN: the local service, and the prefix of its errors. */
const SERVICES: Record<string, { service: string; errors: string }> = {
  dynamodb: { service: "dynamodb", errors: "DynamoDB" },
  eventbridge: { service: "events", errors: "EventBridge" },
  events: { service: "events", errors: "EventBridge" },
  s3: { service: "s3", errors: "S3" },
  sagemaker: { service: "sagemaker", errors: "SageMaker" },
  sagemakerruntime: { service: "sagemaker", errors: "SageMakerRuntime" },
  sns: { service: "sns", errors: "SNS" },
  sqs: { service: "sqs", errors: "SQS" },
  sts: { service: "sts", errors: "Sts" },
  lambda: { service: "lambda", errors: "Lambda" },
  cloudwatch: { service: "cloudwatch", errors: "CloudWatch" },
  cloudwatchlogs: { service: "logs", errors: "CloudWatchLogs" },
};

/** Fields that must be text, where a state may give any JSON. */
const AS_TEXT: Record<string, string[]> = {
  "sqs:sendMessage": ["MessageBody"],
  "sns:publish": ["Message"],
};

export async function callService(
  calls: Calls,
  name: string,
  action: string,
  parameters: Json,
  as: Principal,
) {
  const known = Object.hasOwn(SERVICES, name) ? SERVICES[name] : undefined;
  if (!known)
    throw new TaskError(
      "States.Runtime",
      `The embedded AWS does not implement tasks of the service ${name}.`,
    );
  if (!isObject(parameters)) throw new TaskError("States.Runtime", "The parameters must be an object.");
  const operation = action[0]!.toUpperCase() + action.slice(1);
  try {
    const output = await calls.call(known.service, operation, prepare(`${name}:${action}`, parameters), as);
    return await toJson(output);
  } catch (error) {
    throw describeAwsError(known.errors, known.errors, error);
  }
}

function prepare(action: string, parameters: JsonObject): JsonObject {
  const prepared: JsonObject = { ...parameters };
  for (const field of AS_TEXT[action] ?? [])
    if (prepared[field] !== undefined) prepared[field] = asText(prepared[field]);
  if (action === "events:putEvents" && Array.isArray(prepared["Entries"]))
    prepared["Entries"] = prepared["Entries"].map((entry) =>
      isObject(entry) && entry["Detail"] !== undefined
        ? { ...entry, Detail: asText(entry["Detail"]) }
        : entry,
    );
  return prepared;
}

const asText = (value: Json) => (typeof value === "string" ? value : JSON.stringify(value));

/** Dates become ISO texts, bytes and streams become text. */
async function toJson(value: unknown): Promise<Json> {
  if (value === null || typeof value === "string" || typeof value === "number" || typeof value === "boolean")
    return value;
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (Array.isArray(value)) return Promise.all(value.map(toJson));
  if (typeof value !== "object") return null;
  if (Symbol.asyncIterator in value) {
    const parts: Buffer[] = [];
    for await (const part of value as AsyncIterable<Uint8Array>) parts.push(Buffer.from(part));
    return Buffer.concat(parts).toString();
  }
  const result: JsonObject = {};
  for (const [key, item] of Object.entries(value))
    if (item !== undefined && key !== "$metadata") result[key] = await toJson(item);
  return result;
}
