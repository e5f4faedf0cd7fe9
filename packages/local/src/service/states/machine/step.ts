// What happens to one branch: it enters a state, works, waits, ends.
import {
  describeFailure,
  EvaluationError,
  QUERY_EVALUATION,
  StateError,
  toStateError,
} from "../language/error.ts";
import type { Json } from "../language/json.ts";
import { evaluateTemplate, readExpression } from "../language/template.ts";
import { isExpression } from "../language/jsonata.ts";
import {
  iterationDetails,
  removeChildren,
  startIteration,
  startIterations,
  startParallel,
} from "./children.ts";
import { isDistributed, type FailState, type MapState, type PassState, type State } from "./definition.ts";
import type { Branch } from "./execution.ts";
import {
  assignedDetails,
  effectiveInput,
  evaluateCaught,
  evaluateField,
  evaluateOutcome,
  evaluatePassedInput,
  type Outcome,
} from "./fields.ts";
import { findCatcher, findRetry } from "./handlers.ts";
import { record, scopeOf, stateOf, usesJsonata, withDetails, type Run } from "./run.ts";
import { choose } from "./state/choice.ts";
import { findItems, readLimit } from "./state/map-items.ts";
import { startTask } from "./state/task.ts";
import { findEnd } from "./state/wait.ts";

/** Enters the next state, or does the work of the current one. */
export async function step(run: Run, branch: Branch): Promise<void> {
  const state = stateOf(run, branch);
  if (branch.phase.type === "enter") enter(run, branch, state);
  try {
    await work(run, branch, state);
  } catch (error) {
    await fail(run, branch, state, toStateError(error));
  }
}

function enter(run: Run, branch: Branch, state: State): void {
  const previous = branch.lastEvent;
  const event = record(run, previous, `${state.Type}StateEntered`, {
    stateEnteredEventDetails: { name: branch.state, ...withDetails("input", branch.input) },
  });
  branch.lastEvent = event;
  branch.entered = { event, previous, at: run.now };
  branch.retries = [];
  branch.retryCount = 0;
  branch.phase = { type: "work" };
}

async function work(run: Run, branch: Branch, state: State): Promise<void> {
  switch (state.Type) {
    case "Pass":
      return leave(run, branch, state, await pass(run, branch, state));
    case "Succeed":
      return leave(run, branch, state, await evaluatePassedInput(run, branch, state));
    case "Fail":
      return endFailed(run, branch, await failureOf(run, branch, state));
    case "Choice": {
      const { next, ...outcome } = await choose(run, branch, state);
      return leave(run, branch, { ...state, Next: next }, outcome);
    }
    case "Wait": {
      const until = await findEnd(run, branch, state);
      if (until > run.now) branch.phase = { type: "wait", until, next: "exit" };
      else await leaveWait(run, branch);
      return;
    }
    case "Task":
      return startTask(run, branch, state);
    case "Parallel":
      return startParallel(run, branch, state);
    case "Map":
      return startMap(run, branch, state);
  }
}

export async function leaveWait(run: Run, branch: Branch): Promise<void> {
  const state = stateOf(run, branch);
  try {
    leave(run, branch, state, await evaluatePassedInput(run, branch, state));
  } catch (error) {
    await fail(run, branch, state, toStateError(error));
  }
}

async function pass(run: Run, branch: Branch, state: PassState): Promise<Outcome> {
  if (usesJsonata(run.execution, state)) return evaluatePassedInput(run, branch, state);
  const input = effectiveInput(run, branch, state);
  const template =
    state.Parameters === undefined ? input : evaluateTemplate(state.Parameters, scopeOf(run, branch, input));
  return evaluateOutcome(run, branch, state, state.Result ?? template);
}

async function failureOf(run: Run, branch: Branch, state: FailState): Promise<StateError> {
  const read = async (field: "Error" | "Cause"): Promise<string | undefined> => {
    const path = state[`${field}Path`];
    if (path !== undefined) return text(readExpression(path, `${field}Path`, scopeOf(run, branch)));
    const value = state[field];
    if (value === undefined) return undefined;
    return text(isExpression(value) ? await evaluateField(run, branch, value, field) : value);
  };
  return new StateError(await read("Error"), await read("Cause"));
}

const text = (value: Json) => (typeof value === "string" ? value : JSON.stringify(value));

async function startMap(run: Run, branch: Branch, state: MapState): Promise<void> {
  const concurrency = await readLimit(run, branch, state, "MaxConcurrency");
  const items = state.ItemReader ? undefined : await findItems(run, branch, state);
  branch.lastEvent = record(run, branch.lastEvent, "MapStateStarted", {
    mapStateStartedEventDetails: { length: items?.length ?? 0 },
  });
  const toleratedCount = await readLimit(run, branch, state, "ToleratedFailureCount");
  const toleratedPercentage = await readLimit(run, branch, state, "ToleratedFailurePercentage");
  if (isDistributed(state)) {
    const id = run.chance.uuid();
    branch.phase = { type: "mapRun", id };
    run.mapRuns.push({ id, branch: branch.id, items, concurrency, toleratedCount, toleratedPercentage });
  } else if (items!.length === 0) await complete(run, branch, []);
  else await startIterations(run, branch, state, items!, concurrency);
}

/** A state with a result of its own ended well: Task, Map or Parallel. */
export async function complete(run: Run, branch: Branch, result: Json): Promise<void> {
  const state = stateOf(run, branch);
  try {
    const outcome = await evaluateOutcome(run, branch, state, result);
    if (state.Type === "Map" || state.Type === "Parallel")
      record(run, branch.lastEvent, `${state.Type}StateSucceeded`);
    leave(run, branch, state, outcome);
  } catch (error) {
    await fail(run, branch, state, toStateError(error));
  }
}

/** Retries, catches, or ends the branch. */
export async function fail(run: Run, branch: Branch, state: State, failure: StateError): Promise<void> {
  const described = describe(run, branch, failure);
  if (failure instanceof EvaluationError && failure.error === QUERY_EVALUATION)
    branch.lastEvent = recordEvaluation(run, branch, described, failure.location);
  removeChildren(run, branch);
  const retry = findRetry(state, branch, described, run);
  if (retry) {
    branch.retries[retry.retrier] = (branch.retries[retry.retrier] ?? 0) + 1;
    branch.retryCount += 1;
    branch.phase = { type: "wait", until: run.now + retry.delayMs, next: "work" };
    return;
  }
  if ((state.Type === "Map" || state.Type === "Parallel") && failure.error !== "States.Runtime")
    branch.lastEvent = record(run, branch.lastEvent, `${state.Type}StateFailed`);
  const catcher = findCatcher(state, described);
  if (!catcher) return endFailed(run, branch, described);
  try {
    const outcome = await evaluateCaught(run, branch, state, catcher, described);
    leave(run, branch, { ...state, Next: catcher.Next, End: false }, outcome);
  } catch (error) {
    return endFailed(run, branch, describe(run, branch, toStateError(error)));
  }
}

const describe = (run: Run, { state, entered }: Branch, failure: StateError) =>
  failure instanceof EvaluationError
    ? new StateError(failure.error, describeFailure(state, entered.event, failure.cause ?? ""))
    : failure;

function recordEvaluation(run: Run, branch: Branch, { error, cause }: StateError, location?: string): number {
  // AWS puts it beside the state's entry, except when a Wait state cannot read what it evaluated.
  const previous = stateOf(run, branch).Type === "Wait" ? branch.lastEvent : branch.entered.previous;
  return record(run, previous, "EvaluationFailed", {
    evaluationFailedEventDetails: {
      error,
      cause,
      ...(location !== undefined && { location }),
      state: branch.state,
    },
  });
}

function leave(run: Run, branch: Branch, state: State, { output, assigned }: Outcome): void {
  branch.lastEvent = record(run, branch.lastEvent, `${state.Type}StateExited`, {
    stateExitedEventDetails: {
      name: branch.state,
      ...withDetails("output", output),
      ...assignedDetails(assigned),
    },
  });
  Object.assign(branch.variables, assigned);
  if (state.End || state.Type === "Succeed") return endSucceeded(run, branch, output);
  branch.state = state.Next!;
  branch.input = output;
  branch.phase = { type: "enter" };
  run.ready.push(branch.id);
}

function endSucceeded(run: Run, branch: Branch, output: Json): void {
  const { execution } = run;
  execution.branches.delete(branch.id);
  const outer = branch.parent && execution.branches.get(branch.parent.branch);
  if (!outer) {
    record(run, branch.lastEvent, "ExecutionSucceeded", {
      executionSucceededEventDetails: withDetails("output", output),
    });
    execution.status = "SUCCEEDED";
    execution.output = output;
    return;
  }
  const { index } = branch.parent!;
  if (outer.phase.type !== "children") return;
  outer.phase.outputs[index] = output;
  outer.phase.running -= 1;
  outer.lastEvent = branch.lastEvent;
  if (stateOf(run, outer).Type === "Map") {
    const details = iterationDetails("Succeeded", outer, index);
    outer.lastEvent = record(run, branch.lastEvent, "MapIterationSucceeded", details);
    startIteration(run, outer, outer.phase, branch.lastEvent);
  }
  if (outer.phase.running > 0) return;
  run.ended.push({ branch: outer.id, outputs: outer.phase.outputs as Json[] });
}

function endFailed(run: Run, branch: Branch, failure: StateError): void {
  const { execution } = run;
  const { error, cause } = failure;
  const outer = branch.parent && execution.branches.get(branch.parent.branch);
  if (outer) {
    if (stateOf(run, outer).Type === "Map")
      record(
        run,
        branch.lastEvent,
        "MapIterationFailed",
        iterationDetails("Failed", outer, branch.parent!.index),
      );
    outer.lastEvent = branch.lastEvent;
    execution.branches.delete(branch.id);
    run.ended.push({ branch: outer.id, failure });
    return;
  }
  record(run, branch.lastEvent, "ExecutionFailed", {
    executionFailedEventDetails: {
      ...(error !== undefined && { error }),
      ...(cause !== undefined && { cause }),
    },
  });
  endUnsuccessful(run, "FAILED");
  if (error !== undefined) execution.error = error;
  if (cause !== undefined) execution.cause = cause;
}

/** The outermost line stays as it is: a redrive continues there. */
export function endUnsuccessful(run: Run, status: "FAILED" | "TIMED_OUT" | "ABORTED"): void {
  const { execution } = run;
  execution.status = status;
  for (const branch of execution.branches.values()) if (!branch.parent) removeChildren(run, branch);
}
