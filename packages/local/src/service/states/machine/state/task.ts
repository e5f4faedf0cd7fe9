import { DATA_LIMIT, runtimeError, StateError } from "../../language/error.ts";
import type { Json, JsonObject } from "../../language/json.ts";
import { isExpression } from "../../language/jsonata.ts";
import { readPathField } from "../../language/template.ts";
import type { TaskState } from "../definition.ts";
import type { Branch, TaskPhase } from "../execution.ts";
import { effectiveInput, evaluateArguments, evaluateField, isTooLarge } from "../fields.ts";
import { record, scopeOf, withDetails, type Run } from "../run.ts";

/** How the events of a task are named, and what they repeat. */
interface Integration {
  events: "LambdaFunction" | "Activity" | "Task";
  awaits: TaskPhase["awaits"];
  details: { resource?: string; resourceType?: string };
}

/** `arn:aws:lambda:...:function:NAME`, `...:activity:NAME`, or `arn:aws:states:::SERVICE:ACTION[.sync|.waitForTaskToken]`. */
export function integrationOf(resource: string): Integration {
  const parts = resource.split(":");
  if (parts[2] === "lambda") return { events: "LambdaFunction", awaits: "response", details: {} };
  if (parts[5] === "activity") return { events: "Activity", awaits: "callback", details: {} };
  const name = parts.slice(6).join(":");
  const awaits = name.endsWith(".waitForTaskToken")
    ? "callback"
    : /\.sync(:2)?$/.test(name)
      ? "job"
      : "response";
  return { events: "Task", awaits, details: { resource: name, resourceType: parts[5]! } };
}

export async function startTask(run: Run, branch: Branch, state: TaskState): Promise<void> {
  const { events, awaits, details } = integrationOf(state.Resource);
  const token = run.chance.uuid();
  const parameters = await evaluateArguments(run, branch, state, { Task: { Token: token } });
  const timeout = await readSeconds(run, branch, state, "TimeoutSeconds");
  const heartbeat = await readSeconds(run, branch, state, "HeartbeatSeconds");
  const limits = {
    ...(timeout !== undefined && { timeoutInSeconds: timeout }),
    ...(heartbeat !== undefined && { heartbeatInSeconds: heartbeat }),
  };
  const scheduled =
    events === "Task"
      ? {
          taskScheduledEventDetails: {
            ...details,
            region: run.region,
            parameters: JSON.stringify(parameters),
            ...limits,
          },
        }
      : {
          [`${lowerFirst(events)}ScheduledEventDetails`]: {
            resource: state.Resource,
            ...withDetails("input", parameters),
            ...limits,
          },
        };
  branch.lastEvent = record(run, branch.lastEvent, `${events}Scheduled`, scheduled);
  // An activity's worker starts it by GetActivityTask.
  if (events !== "Activity")
    branch.lastEvent = record(
      run,
      branch.lastEvent,
      `${events}Started`,
      events === "Task" ? { taskStartedEventDetails: details } : {},
    );
  branch.phase = {
    type: "task",
    token,
    awaits,
    ...(timeout !== undefined && { timeoutAt: run.now + timeout * 1_000 }),
    ...(heartbeat !== undefined && { heartbeat: { seconds: heartbeat, dueAt: run.now + heartbeat * 1_000 } }),
  };
  const credentials = state.Credentials && (await evaluateCredentials(run, branch, state));
  run.tasks.push({ token, resource: state.Resource, parameters, ...(credentials && { credentials }) });
}

const evaluateCredentials = (run: Run, branch: Branch, { Credentials }: TaskState) =>
  evaluateField(run, branch, Credentials!, "Credentials");

type Limit = "TimeoutSeconds" | "HeartbeatSeconds";

async function readSeconds(
  run: Run,
  branch: Branch,
  state: TaskState,
  field: Limit,
): Promise<number | undefined> {
  const path = state[`${field}Path`];
  const given = state[field];
  if (path === undefined && given === undefined) return undefined;
  const value =
    path !== undefined
      ? readPathField(path, scopeOf(run, branch, effectiveInput(run, branch, state)))
      : isExpression(given!)
        ? await evaluateField(run, branch, given, field)
        : given!;
  if (typeof value === "number" && Number.isInteger(value) && value > 0) return value;
  throw runtimeError(`The value of ${field} is not a positive integer: ${JSON.stringify(value)}`);
}

/** Records the result. Throws when it is too large. */
export function recordSuccess(run: Run, branch: Branch, { Resource }: TaskState, output: Json): void {
  const { events, details } = integrationOf(Resource);
  if (isTooLarge(output))
    throw new StateError(
      DATA_LIMIT,
      `The state/task '${details.resourceType ?? Resource}' returned a result with a size exceeding the maximum number of bytes service limit.`,
    );
  branch.lastEvent = record(run, branch.lastEvent, `${events}Succeeded`, {
    [`${lowerFirst(events)}SucceededEventDetails`]: { ...details, ...withDetails("output", output) },
  });
}

/** A job or callback was started: its end comes later. */
export function recordSubmitted(run: Run, branch: Branch, { Resource }: TaskState, output: Json): void {
  const { details } = integrationOf(Resource);
  branch.lastEvent = record(run, branch.lastEvent, "TaskSubmitted", {
    taskSubmittedEventDetails: { ...details, ...withDetails("output", output) },
  });
}

export function recordFailure(run: Run, branch: Branch, { Resource }: TaskState, failure: StateError): void {
  const { events, details } = integrationOf(Resource);
  const end =
    failure.error === "States.Timeout" || failure.error === "States.HeartbeatTimeout" ? "TimedOut" : "Failed";
  const { error, cause } = failure;
  branch.lastEvent = record(run, branch.lastEvent, `${events}${end}`, {
    [`${lowerFirst(events)}${end}EventDetails`]: {
      ...details,
      ...(error !== undefined && { error }),
      ...(cause !== undefined && { cause }),
    } satisfies JsonObject,
  });
}

const lowerFirst = (text: string) => text[0]!.toLowerCase() + text.slice(1);
