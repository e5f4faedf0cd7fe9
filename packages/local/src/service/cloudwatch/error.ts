import { AwsError } from "../../kernel/error.ts";

export const invalid = (message: string) => new AwsError("InvalidParameterValue", message);

export const missing = (message: string) => new AwsError("MissingRequiredParameter", message);
