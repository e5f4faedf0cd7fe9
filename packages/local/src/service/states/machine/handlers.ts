import { RUNTIME, type StateError } from "../language/error.ts";
import type { Catcher, Retrier, State } from "./definition.ts";
import type { Branch } from "./execution.ts";
import type { Run } from "./run.ts";

const TIMEOUTS = ["States.Timeout", "States.HeartbeatTimeout"];

function isMatch(names: string[], { error }: StateError): boolean {
  if (error === RUNTIME) return false;
  return names.some(
    (name) =>
      name === error ||
      name === "States.ALL" ||
      (name === "States.TaskFailed" && error !== undefined && !TIMEOUTS.includes(error)) ||
      (name === "States.Timeout" && error === "States.HeartbeatTimeout"),
  );
}

/** The retrier for this failure, and the delay until the next attempt. */
export function findRetry(
  state: State,
  { retries }: Branch,
  failure: StateError,
  { chance }: Run,
): { retrier: number; delayMs: number } | undefined {
  const all: Retrier[] = ("Retry" in state && state.Retry) || [];
  const retrier = all.findIndex(({ ErrorEquals }) => isMatch(ErrorEquals, failure));
  const found = all[retrier];
  const attempts = retries[retrier] ?? 0;
  if (!found || attempts >= (found.MaxAttempts ?? 3)) return undefined;
  const growing = (found.IntervalSeconds ?? 1) * (found.BackoffRate ?? 2) ** attempts;
  const seconds = Math.min(growing, found.MaxDelaySeconds ?? Infinity);
  return { retrier, delayMs: 1_000 * seconds * (found.JitterStrategy === "FULL" ? chance.random() : 1) };
}

export const findCatcher = (state: State, failure: StateError): Catcher | undefined =>
  (("Catch" in state && state.Catch) || []).find(({ ErrorEquals }) => isMatch(ErrorEquals, failure));
