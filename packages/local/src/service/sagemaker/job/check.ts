// Validation that training and processing jobs share.
import type { Tag, VpcConfig } from "@aws-sdk/client-sagemaker";
import {
  ENVIRONMENT_NAME,
  ENVIRONMENT_REFUSED,
  ENVIRONMENT_VALUE_CHARACTERS,
  ENVIRONMENT_VARIABLES,
  JOB_RUNTIME_SECONDS,
  TAGS,
  VPC_ID,
  VPC_SECURITY_GROUPS,
  VPC_SUBNETS,
} from "../limits.ts";
import { invalid } from "../shape.ts";
import { parseS3Uri } from "../s3.ts";

/** AWS's message for invalid members. */
export const violation = (at: string, value: unknown, must: string) =>
  invalid(
    `1 validation error detected: Value '${String(value ?? null)}' at '${at}' failed to satisfy constraint: Member must ${must}`,
  );

export function requireValue<T>(at: string, value: T | undefined | null): T {
  if (value === undefined || value === null || value === "") throw violation(at, value, "not be null");
  return value;
}

/** Returns the value, which must be given. */
export function requireNumber(at: string, value: number | undefined, least: number, most: number): number {
  checkNumber(at, requireValue(at, value), least, most);
  return value!;
}

export function checkNumber(at: string, value: number | undefined, least: number, most: number) {
  if (value === undefined) return;
  if (!Number.isInteger(value) || value < least)
    throw violation(at, value, `have value greater than or equal to ${least}`);
  if (value > most) throw violation(at, value, `have value less than or equal to ${most}`);
}

export function checkLength(at: string, value: string, most: number) {
  if (value.length > most) throw violation(at, value, `have length less than or equal to ${most}`);
}

export function checkCount(at: string, { length }: readonly unknown[], most: number) {
  if (length > most) throw violation(at, length, `have length less than or equal to ${most}`);
}

export function checkPattern(at: string, value: string, pattern: RegExp) {
  if (!pattern.test(value))
    throw violation(at, value, `satisfy regular expression pattern: ${pattern.source}`);
}

export function checkOneOf(at: string, value: string | undefined, known: readonly string[]) {
  if (value !== undefined && !known.includes(value))
    throw violation(at, value, `satisfy enum value set: [${known.join(", ")}]`);
}

export function checkS3Uri(at: string, uri: string | undefined) {
  if (!parseS3Uri(requireValue(at, uri)))
    throw violation(at, uri, "satisfy regular expression pattern: (https|s3)://([^/]+)/?(.*)");
}

/** The environment variables of jobs and models. */
export function checkEnvironment(environment: Record<string, string> = {}) {
  const entries = Object.entries(environment);
  checkCount("environment", entries, ENVIRONMENT_VARIABLES);
  for (const [name, value] of entries) {
    checkPattern("environment", name, ENVIRONMENT_NAME);
    if (ENVIRONMENT_REFUSED.test(name))
      throw invalid(
        `The environment variable ${name} cannot be set here: it could load code into the process. Choose another name.`,
      );
    checkLength(`environment.${name}.member`, value, ENVIRONMENT_VALUE_CHARACTERS);
  }
}

export const checkTags = (tags: Tag[] = []) => checkCount("tags", tags, TAGS);

/** The subnets are not reached: here a job or an endpoint is a process on this machine. */
export function checkVpc(at: string, vpc: VpcConfig | undefined) {
  if (!vpc) return;
  checkIds(`${at}.subnets`, vpc.Subnets, VPC_SUBNETS);
  checkIds(`${at}.securityGroupIds`, vpc.SecurityGroupIds, VPC_SECURITY_GROUPS);
}

function checkIds(at: string, ids: string[] | undefined, most: number) {
  if (requireValue(at, ids).length < 1) throw violation(at, ids, "have length greater than or equal to 1");
  checkCount(at, ids!, most);
  for (const id of ids!) checkPattern(at, id, VPC_ID);
}

export function runtimeSeconds(requested: number | undefined, most: number): number {
  checkNumber("stoppingCondition.maxRuntimeInSeconds", requested, 1, most);
  return requested ?? JOB_RUNTIME_SECONDS;
}
