import { AwsError } from "../../kernel/error.ts";

export const invalid = (message: string) => new AwsError("InvalidParameterValue", message);

const outOfRange = (value: unknown, parameter: string, reason: string) =>
  invalid(`Value ${String(value)} for parameter ${parameter} is invalid. Reason: ${reason}`);

export const missing = (parameter: string) =>
  new AwsError("MissingParameter", `The request must contain the parameter ${parameter}.`);

export const noQueue = () => new AwsError("QueueDoesNotExist", "The specified queue does not exist.");

export function integer(value: unknown, parameter: string, low: number, high: number): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number < low || number > high)
    throw outOfRange(value, parameter, `Must be an integer from ${low} to ${high}, if provided.`);
  return number;
}
