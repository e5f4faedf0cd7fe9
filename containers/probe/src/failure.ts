/** A reason a user can act on: it becomes the job's FailureReason, so it stays short and names the fix. */
export class TrainingError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "TrainingError";
  }
}
