import { AwsError } from "../../../kernel/error.ts";

/** The failure of a task, by the name that Retry and Catch see. */
export class TaskError extends Error {
  readonly error: string;
  override readonly cause: string;

  constructor(error: string, cause: string) {
    super(cause);
    this.error = error;
    this.cause = cause;
  }
}

/** An error of AWS, as Step Functions names it: `Lambda.ResourceNotFoundException`. */
export function describeAwsError(prefix: string, service: string, error: unknown): TaskError {
  if (error instanceof TaskError) return error;
  if (!(error instanceof AwsError)) return new TaskError("States.TaskFailed", (error as Error).message);
  const { code, message, status } = error;
  if (code === "AccessDenied" || code === "AccessDeniedException")
    return new TaskError(`${prefix}.AccessDeniedException`, message);
  const name = code.endsWith("Exception") || code.endsWith("Error") ? code : `${code}Exception`;
  return new TaskError(
    `${prefix}.${name}`,
    `${message} (Service: ${service}; Status Code: ${status}; Error Code: ${code}; Request ID: local; Proxy: null)`,
  );
}
