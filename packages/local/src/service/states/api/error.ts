import { AwsError } from "../../../kernel/error.ts";

const error = (code: string) => (message: string) => new AwsError(code, message);

export const machineMissingError = (arn: string) =>
  new AwsError("StateMachineDoesNotExist", `State Machine Does Not Exist: '${arn}'`);
export const executionMissingError = (arn: string) =>
  new AwsError("ExecutionDoesNotExist", `Execution Does Not Exist: '${arn}'`);
export const invalidArn = (arn: string) =>
  new AwsError("InvalidArn", `Invalid Arn: 'Resource type not valid in this context: ${arn}'`);
export const validation = error("ValidationException");
