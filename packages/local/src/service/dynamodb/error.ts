// DynamoDB's errors with AWS's messages.
import { AwsError } from "../../kernel/error.ts";

export const invalid = (message: string) => new AwsError("ValidationException", message);

/** The wording AWS uses for most bad parameter values. */
export const invalidValues = (what: string) => invalid(`One or more parameter values were invalid: ${what}`);

/** A request that breaks the API's model: a missing member, a number out of range, an unknown enum value. */
export const constraint = (value: unknown, member: string, rule: string) =>
  invalid(
    `1 validation error detected: Value ${value === undefined || value === null ? "null" : `'${value}'`} at '${member}' failed to satisfy constraint: ${rule}`,
  );

export const noSuchResource = (what?: string) =>
  new AwsError(
    "ResourceNotFoundException",
    `Requested resource not found${what ? `: ${what} not found` : ""}`,
  );

export const inUse = (message: string) => new AwsError("ResourceInUseException", message);
