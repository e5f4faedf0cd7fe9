/** A user error. Its message becomes the job's FailureReason: keep it short, and name the fix. */
export class TrainingError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "TrainingError";
  }
}
