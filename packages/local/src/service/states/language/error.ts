/** An error by name, as Retry and Catch see it. */
export class StateError extends Error {
  readonly error: string | undefined;
  override readonly cause: string | undefined;

  constructor(error: string | undefined, cause: string | undefined) {
    super(cause ?? error ?? "");
    this.error = error;
    this.cause = cause;
  }
}

/** A state that cannot be evaluated. `describeFailure` writes its cause with the state's name. */
export class EvaluationError extends StateError {
  /** Of the field whose expression failed. */
  readonly location: string | undefined;

  constructor(error: string, cause: string, location?: string) {
    super(error, cause);
    this.location = location;
  }
}

/** Neither Retry nor Catch sees it. */
export const RUNTIME = "States.Runtime";
export const QUERY_EVALUATION = "States.QueryEvaluationError";
export const DATA_LIMIT = "States.DataLimitExceeded";

export const runtimeError = (cause: string) => new EvaluationError(RUNTIME, cause);

/** A definition may have faults that its check does not find, such as a path that cannot be parsed. */
export const toStateError = (error: unknown): StateError =>
  error instanceof StateError ? error : runtimeError((error as Error).message);

export const describeFailure = (state: string, enteredEvent: number, cause: string) =>
  `An error occurred while executing the state '${state}' (entered at the event id #${enteredEvent}). ${cause}`;
