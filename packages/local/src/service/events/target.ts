// A rule's target: ARN, input, retry policy and dead-letter queue.
import { notImplemented } from "../../kernel/error.ts";
import { validation } from "./error.ts";
import { checkPath } from "./json-path.ts";
import { MAX_EVENT_AGE_SECONDS, MAX_RETRY_ATTEMPTS, MIN_EVENT_AGE_SECONDS } from "./limits.ts";
import type { TargetInput } from "./target-input.ts";

export interface Target extends TargetInput {
  Id: string;
  Arn: string;
  RoleArn?: string;
  SqsParameters?: { MessageGroupId?: string };
  DeadLetterConfig?: { Arn?: string };
  RetryPolicy?: { MaximumRetryAttempts?: number; MaximumEventAgeInSeconds?: number };
}

const KNOWN = new Set([
  "Id",
  "Arn",
  "RoleArn",
  "Input",
  "InputPath",
  "InputTransformer",
  "SqsParameters",
  "DeadLetterConfig",
  "RetryPolicy",
]);

export function checkTarget(
  target: Record<string, unknown> & Partial<Target>,
): asserts target is Target & Record<string, unknown> {
  const { Id = "", Arn = "", Input, InputPath, InputTransformer, RetryPolicy = {} } = target;
  for (const [name, value] of Object.entries(target))
    if (value !== undefined && !KNOWN.has(name)) throw notImplemented(`events:PutTargets with ${name}`);
  if (!/^[\w.-]{1,64}$/.test(Id)) throw validation(`Target id '${Id}' is not valid.`);
  if (!/^arn:[^:]+:[^:]+:[^:]*:[^:]*:.+/.test(Arn))
    throw validation(`Parameter ${Arn} is not valid. Reason: Provided Arn is not in correct format.`);
  if ([Input, InputPath, InputTransformer].filter((given) => given !== undefined).length > 1)
    throw validation(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`);
  if (Input !== undefined && !isJson(Input))
    throw validation(`Parameter Input is not valid JSON for target ${Id}.`);
  if (InputPath !== undefined) checkPath(InputPath, `InputPath of target ${Id}`);
  if (InputTransformer) checkTransformer(InputTransformer, Id);
  if (Arn.split(":")[2] === "sqs" && Arn.endsWith(".fifo") && !target.SqsParameters?.MessageGroupId)
    throw validation(`Parameter(s) SqsParameters must be specified for target: ${Id}.`);
  within(RetryPolicy.MaximumRetryAttempts, 0, MAX_RETRY_ATTEMPTS, "MaximumRetryAttempts");
  within(
    RetryPolicy.MaximumEventAgeInSeconds,
    MIN_EVENT_AGE_SECONDS,
    MAX_EVENT_AGE_SECONDS,
    "MaximumEventAgeInSeconds",
  );
}

function checkTransformer(
  { InputPathsMap = {}, InputTemplate }: NonNullable<Target["InputTransformer"]>,
  id: string,
) {
  if (!InputTemplate) throw validation(`InputTransformer of target ${id} has no InputTemplate.`);
  for (const [name, path] of Object.entries(InputPathsMap))
    checkPath(path, `InputPathsMap.${name} of target ${id}`);
  for (const [, name] of InputTemplate.matchAll(/<([\w.-]+)>/g))
    if (!name!.startsWith("aws.") && !Object.hasOwn(InputPathsMap, name!))
      throw validation(`Invalid InputTemplate for target ${id} : [No path for the placeholder <${name}>.]`);
}

function within(value: number | undefined, low: number, high: number, name: string) {
  if (value !== undefined && (value < low || value > high))
    throw validation(`RetryPolicy.${name} must be from ${low} to ${high}.`);
}

function isJson(text: string) {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
