// One turn of an execution: applies a signal, then steps until every branch waits.
import type { RandomSource } from "../language/intrinsic/functions.ts";
import { StateError, toStateError } from "../language/error.ts";
import type { Json } from "../language/json.ts";
import type { Branch, Execution } from "./execution.ts";
import { startBranch } from "./children.ts";
import { record, stateOf, withDetails, type Run } from "./run.ts";
import type { TaskState } from "./definition.ts";
import { recordFailure, recordSubmitted, recordSuccess } from "./state/task.ts";
import { complete, endUnsuccessful, fail, leaveWait, step } from "./step.ts";

export type Signal =
  | { type: "start" }
  /** Goes on where a long turn, or a restart, stopped. */
  | { type: "continue" }
  /** Waits and time limits that are over now. */
  | { type: "clock" }
  | { type: "taskSubmitted"; token: string; output: Json }
  | { type: "taskSucceeded"; token: string; output: Json }
  | { type: "taskFailed"; token: string; error?: string; cause?: string }
  | { type: "heartbeat"; token: string }
  | { type: "activityStarted"; token: string; worker?: string }
  | { type: "mapRunStarted"; id: string; arn: string }
  | { type: "mapRunSucceeded"; id: string; output: Json }
  | { type: "mapRunFailed"; id: string; error: string; cause: string }
  | { type: "stop"; error?: string; cause?: string }
  | { type: "redrive" };

export interface Environment {
  now: number;
  region: string;
  chance: RandomSource;
}

/** Of a turn. More are left to the next one, so that a loop of states holds up nothing else. */
const MAX_STEPS = 500;

export async function advance(execution: Execution, signal: Signal, environment: Environment): Promise<Run> {
  const run: Run = { ...environment, execution, events: [], tasks: [], mapRuns: [], ready: [], ended: [] };
  if (signal.type === "redrive") redrive(run);
  if (execution.status !== "RUNNING") return run;
  await apply(run, signal);
  for (let steps = 0; steps < MAX_STEPS;) {
    if (execution.status !== "RUNNING") return run;
    const ended = run.ended.shift();
    if (ended) await endChildren(run, ended);
    else if (run.ready.length > 0) {
      const branch = execution.branches.get(run.ready.shift()!);
      if (branch) await step(run, branch);
      steps += 1;
    } else return run;
  }
  return run;
}

async function endChildren(run: Run, { branch: id, ...end }: Run["ended"][number]): Promise<void> {
  const branch = run.execution.branches.get(id);
  // Two children may fail in one turn: the first failure ends the state.
  if (branch?.phase.type !== "children") return;
  if ("failure" in end) await fail(run, branch, stateOf(run, branch), end.failure);
  else await complete(run, branch, end.outputs);
}

async function apply(run: Run, signal: Signal): Promise<void> {
  switch (signal.type) {
    case "start":
      return start(run);
    case "redrive":
      return;
    case "continue":
      for (const { id, phase } of run.execution.branches.values())
        if (phase.type === "enter" || phase.type === "work") run.ready.push(id);
      return;
    case "clock":
      return applyClock(run);
    case "stop":
      return stop(run, signal);
    case "mapRunStarted":
    case "mapRunSucceeded":
    case "mapRunFailed":
      return applyMapRun(run, signal);
    default:
      return applyTask(run, signal);
  }
}

function start(run: Run): void {
  const { execution } = run;
  record(run, 0, "ExecutionStarted", {
    executionStartedEventDetails: { ...withDetails("input", execution.input), roleArn: execution.roleArn },
  });
  startBranch(run, { block: [], input: execution.input, lastEvent: 0 });
}

/** The next instant at which `clock` changes something. */
export function nextWake({ branches, definition, startedAt, redrivenAt }: Execution): number {
  const limits = [...branches.values()].map(({ phase }) => {
    if (phase.type === "wait") return phase.until;
    return phase.type === "task"
      ? Math.min(phase.timeoutAt ?? Infinity, phase.heartbeat?.dueAt ?? Infinity)
      : Infinity;
  });
  const end = definition.TimeoutSeconds
    ? (redrivenAt ?? startedAt) + definition.TimeoutSeconds * 1_000
    : Infinity;
  return Math.min(end, ...limits);
}

async function applyClock(run: Run): Promise<void> {
  const { execution, now } = run;
  const { TimeoutSeconds } = execution.definition;
  if (TimeoutSeconds && (execution.redrivenAt ?? execution.startedAt) + TimeoutSeconds * 1_000 <= now) {
    record(run, 0, "ExecutionTimedOut");
    endUnsuccessful(run, "TIMED_OUT");
    return;
  }
  for (const branch of execution.branches.values()) {
    const { phase } = branch;
    if (phase.type === "wait" && phase.until <= now) {
      if (phase.next === "exit") await leaveWait(run, branch);
      else {
        branch.phase = { type: "work" };
        run.ready.push(branch.id);
      }
    } else if (phase.type === "task") {
      const error =
        (phase.timeoutAt ?? Infinity) <= now
          ? "States.Timeout"
          : (phase.heartbeat?.dueAt ?? Infinity) <= now
            ? "States.HeartbeatTimeout"
            : undefined;
      if (error) await failTask(run, branch, new StateError(error, undefined));
    }
  }
}

function stop(run: Run, { error, cause }: { error?: string; cause?: string }): void {
  const details = { ...(error !== undefined && { error }), ...(cause !== undefined && { cause }) };
  record(run, 0, "ExecutionAborted", { executionAbortedEventDetails: details });
  endUnsuccessful(run, "ABORTED");
  Object.assign(run.execution, details);
}

/** Does the state that failed again, with the input it had. */
function redrive(run: Run): void {
  const { execution, now } = run;
  const [branch] = execution.branches.values();
  if (execution.status === "RUNNING" || execution.status === "SUCCEEDED" || !branch) return;
  execution.redriveCount += 1;
  execution.status = "RUNNING";
  execution.redrivenAt = now;
  delete execution.error;
  delete execution.cause;
  branch.lastEvent = record(run, branch.lastEvent, "ExecutionRedriven", {
    executionRedrivenEventDetails: { redriveCount: execution.redriveCount },
  });
  Object.assign(branch, { retries: [], retryCount: 0 });
  if (branch.phase.type !== "enter") branch.phase = { type: "work" };
  run.ready.push(branch.id);
}

type TaskSignal = Extract<Signal, { token: string }>;

/** A signal for a task that has ended changes nothing. */
async function applyTask(run: Run, signal: TaskSignal): Promise<void> {
  const branch = [...run.execution.branches.values()].find(
    ({ phase }) => phase.type === "task" && phase.token === signal.token,
  );
  if (branch?.phase.type !== "task") return;
  const state = stateOf(run, branch) as TaskState;
  if (signal.type === "taskSubmitted") recordSubmitted(run, branch, state, signal.output);
  else if (signal.type === "heartbeat") {
    const { heartbeat } = branch.phase;
    if (heartbeat) heartbeat.dueAt = run.now + heartbeat.seconds * 1_000;
  } else if (signal.type === "activityStarted")
    branch.lastEvent = record(run, branch.lastEvent, "ActivityStarted", {
      activityStartedEventDetails: { ...(signal.worker && { workerName: signal.worker }) },
    });
  else if (signal.type === "taskFailed")
    await failTask(run, branch, new StateError(signal.error, signal.cause));
  else {
    try {
      recordSuccess(run, branch, state, signal.output);
    } catch (error) {
      return failTask(run, branch, toStateError(error));
    }
    await complete(run, branch, signal.output);
  }
}

async function failTask(run: Run, branch: Branch, failure: StateError): Promise<void> {
  const state = stateOf(run, branch) as TaskState;
  recordFailure(run, branch, state, failure);
  await fail(run, branch, state, failure);
}

type MapRunSignal = Extract<Signal, { id: string }>;

async function applyMapRun(run: Run, signal: MapRunSignal): Promise<void> {
  const branch = [...run.execution.branches.values()].find(
    ({ phase }) => phase.type === "mapRun" && phase.id === signal.id,
  );
  if (!branch) return;
  if (signal.type === "mapRunStarted") {
    branch.lastEvent = record(run, branch.lastEvent, "MapRunStarted", {
      mapRunStartedEventDetails: { mapRunArn: signal.arn },
    });
  } else if (signal.type === "mapRunSucceeded") {
    branch.lastEvent = record(run, branch.lastEvent, "MapRunSucceeded");
    await complete(run, branch, signal.output);
  } else {
    const { error, cause } = signal;
    branch.lastEvent = record(run, branch.lastEvent, "MapRunFailed", {
      mapRunFailedEventDetails: { error, cause },
    });
    await fail(run, branch, stateOf(run, branch), new StateError(error, cause));
  }
}
