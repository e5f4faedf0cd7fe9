import { AwsError } from "../../kernel/error.ts";

export const validation = (message: string) => new AwsError("ValidationException", message);
export const notFound = (message: string) => new AwsError("ResourceNotFoundException", message);
