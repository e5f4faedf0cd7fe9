// A queue's attributes: names, defaults and validation.
import { AwsError } from "../../kernel/error.ts";
import { invalid } from "./error.ts";
import {
  MAX_CONFIGURABLE_MESSAGE_BYTES,
  MAX_DELAY_SECONDS,
  MAX_MESSAGE_BYTES,
  MAX_VISIBILITY_SECONDS,
  MAX_WAIT_SECONDS,
} from "./limits.ts";

export type Attributes = Record<string, string>;

export const DEFAULTS: Attributes = {
  DelaySeconds: "0",
  MaximumMessageSize: String(MAX_MESSAGE_BYTES),
  MessageRetentionPeriod: "345600",
  ReceiveMessageWaitTimeSeconds: "0",
  VisibilityTimeout: "30",
  SqsManagedSseEnabled: "true",
};
export const FIFO_DEFAULTS: Attributes = {
  FifoQueue: "true",
  ContentBasedDeduplication: "false",
  DeduplicationScope: "queue",
  FifoThroughputLimit: "perQueue",
};

type Check = (value: string) => boolean;
const between =
  (low: number, high: number): Check =>
  (value) =>
    /^\d+$/.test(value) && Number(value) >= low && Number(value) <= high;
const oneOf =
  (...values: string[]): Check =>
  (value) =>
    values.includes(value);
const json: Check = (value) => value === "" || isJsonObject(value);

const CHECKS: Record<string, Check> = {
  DelaySeconds: between(0, MAX_DELAY_SECONDS),
  MaximumMessageSize: between(1024, MAX_CONFIGURABLE_MESSAGE_BYTES),
  MessageRetentionPeriod: between(60, 1_209_600),
  ReceiveMessageWaitTimeSeconds: between(0, MAX_WAIT_SECONDS),
  VisibilityTimeout: between(0, MAX_VISIBILITY_SECONDS),
  SqsManagedSseEnabled: oneOf("true", "false"),
  KmsMasterKeyId: () => true,
  KmsDataKeyReusePeriodSeconds: between(60, 86_400),
  Policy: json,
  RedrivePolicy: (value) => value === "" || parseRedrivePolicy(value) !== undefined,
  RedriveAllowPolicy: json,
  FifoQueue: oneOf("true"),
  ContentBasedDeduplication: oneOf("true", "false"),
  DeduplicationScope: oneOf("queue", "messageGroup"),
  FifoThroughputLimit: oneOf("perQueue", "perMessageGroupId"),
};

export function checkAttributes(attributes: Attributes, fifo: boolean) {
  for (const [name, value] of Object.entries(attributes)) {
    const check = Object.hasOwn(CHECKS, name) && CHECKS[name];
    if (!check || (name in FIFO_DEFAULTS && !fifo))
      throw new AwsError("InvalidAttributeName", `Unknown Attribute ${name}.`);
    if (!check(value))
      throw new AwsError("InvalidAttributeValue", `Invalid value for the parameter ${name}.`);
  }
}

export interface Redrive {
  deadLetterTargetArn: string;
  maxReceiveCount: number;
}

export function parseRedrivePolicy(policy: string | undefined): Redrive | undefined {
  if (!policy || !isJsonObject(policy)) return undefined;
  const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(policy) as Record<string, unknown>;
  // SQS accepts the count as a number or a string.
  const count = Number(maxReceiveCount);
  if (typeof deadLetterTargetArn !== "string" || !Number.isInteger(count) || count < 1 || count > 1000)
    return undefined;
  return { deadLetterTargetArn, maxReceiveCount: count };
}

/** Checks whether `source` may use the queue with these attributes as its dead-letter queue. */
export function checkRedriveAllowed(deadLetters: Attributes, source: string) {
  if (!deadLetters.RedriveAllowPolicy) return;
  const allow = JSON.parse(deadLetters.RedriveAllowPolicy) as {
    redrivePermission?: string;
    sourceQueueArns?: string[];
  };
  const allowed =
    allow.redrivePermission === "byQueue"
      ? (allow.sourceQueueArns ?? []).includes(source)
      : allow.redrivePermission !== "denyAll";
  if (!allowed)
    throw invalid(`The dead-letter queue's RedriveAllowPolicy does not allow ${source} to use it.`);
}

function isJsonObject(text: string) {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
