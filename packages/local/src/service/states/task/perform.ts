// Sends the requests of tasks, and returns their results to the engine.
import type { Kernel, Principal } from "../../../kernel/service.ts";
import { executionArn } from "../api/arns.ts";
import { StorageError } from "../../../kernel/storage-error.ts";
import type { Engine } from "../engine.ts";
import { isObject, type Json, type JsonObject } from "../language/json.ts";
import type { Executions } from "../store/executions.ts";
import type { Machines } from "../store/machines.ts";
import type { Task, Tasks } from "../store/tasks.ts";
import { callService } from "./call.ts";
import { childSignal } from "./children.ts";
import { describeAwsError, TaskError } from "./error.ts";
import { isInUse, isJob, jobNameOf, readJob } from "./jobs.ts";
import { invokeFunction, invokeOptimized } from "./lambda.ts";

const POLL_MS = 1_000;

export interface Performing {
  kernel: Kernel;
  machines: Machines;
  executions: Executions;
  tasks: Tasks;
  engine: () => Engine;
  /** A task of an activity is in the store. */
  wakeWorker(activity: string): void;
}

export function openPerformer({ kernel, machines, executions, tasks, engine, wakeWorker }: Performing) {
  const { clock, store } = kernel;
  let stopped = false;

  async function principalOf(task: Task): Promise<Principal> {
    const row = executions.row(task.execution)!;
    const session = row.name.slice(0, 64).replaceAll(/[^\w+=,.@-]/g, "-");
    const own: Principal = { kind: "role", arn: machines.revision(row.revision).role_arn, session };
    const given = isObject(task.credentials) ? task.credentials["RoleArn"] : undefined;
    if (typeof given !== "string") return own;
    try {
      await kernel.call("sts", "AssumeRole", { RoleArn: given, RoleSessionName: session }, own);
    } catch (error) {
      throw describeAwsError("States", "AWSSecurityTokenService", error);
    }
    return { kind: "role", arn: given, session };
  }

  async function perform(task: Task): Promise<void> {
    const as = await principalOf(task);
    const { resource, parameters, token } = task;
    const parts = resource.split(":");
    if (parts[2] === "lambda") return succeed(task, await invokeFunction(kernel, resource, parameters, as));
    if (parts[5] === "activity") return wakeWorker(resource);
    const service = parts[5] === "aws-sdk" ? parts[6]! : parts[5]!;
    const [action, ...patterns] = parts
      .slice(parts[5] === "aws-sdk" ? 7 : 6)
      .join(":")
      .split(".");
    const pattern = patterns.join(".");
    if (service === "states" && action === "startExecution") return performChild(task, pattern, as);
    if (task.job !== undefined) {
      if (pattern.startsWith("sync")) await followJob(task, action!, as);
      return;
    }
    const output =
      service === "lambda" && parts[5] !== "aws-sdk"
        ? await invokeOptimized(kernel, parameters, as)
        : await callService(kernel, service, action!, parameters, as).catch((error: unknown) => {
            // A kill between the call and its record: the job of the first call goes on.
            if (pattern.startsWith("sync") && isInUse(error)) return {};
            throw error;
          });
    if (pattern === "") return succeed(task, output);
    const job = pattern.startsWith("sync") ? jobNameOf(action!, parameters) : token;
    submit({ ...task, job }, output);
    if (pattern.startsWith("sync")) await followJob({ ...task, job }, action!, as);
  }

  async function performChild(task: Task, pattern: string, as: Principal): Promise<void> {
    const job = task.job ?? (await startChild(task, pattern, as));
    const child = pattern.startsWith("sync") && job ? executions.row(job) : undefined;
    // It may have ended before the task waited for it.
    if (child && child.status !== "RUNNING") engine().sendLater(task.execution, childSignal(task, child));
  }

  /** Returns the ARN of the execution that the task waits for. */
  async function startChild(task: Task, pattern: string, as: Principal): Promise<string | undefined> {
    const { StateMachineArn, Name, Input } = task.parameters as JsonObject;
    // The token as a name: after a restart, the request finds the execution that it started before.
    const name = typeof Name === "string" ? Name : task.token;
    const known = executions.row(executionArn(String(StateMachineArn), name));
    const started =
      known && Name === undefined
        ? { executionArn: known.arn, startDate: new Date(known.started_at) }
        : await requestStart(
            { stateMachineArn: StateMachineArn!, name, input: JSON.stringify(Input ?? {}) },
            as,
          );
    const output = { ExecutionArn: started.executionArn, StartDate: started.startDate.toISOString() };
    if (pattern === "") {
      succeed(task, output);
      return undefined;
    }
    const job = pattern.startsWith("sync") ? started.executionArn : task.token;
    submit({ ...task, job }, output);
    return job;
  }

  async function requestStart(input: JsonObject, as: Principal) {
    try {
      return await kernel.call<{ executionArn: string; startDate: Date }>(
        "states",
        "StartExecution",
        input,
        as,
      );
    } catch (error) {
      throw describeAwsError("StepFunctions", "AWSStepFunctions", error);
    }
  }

  const succeed = (task: Task, output: Json) =>
    engine().sendLater(task.execution, { type: "taskSucceeded", token: task.token, output });

  function submit(task: Task & { job: string }, output: Json) {
    store.tx(() => tasks.setJob(task.token, task.job));
    engine().sendLater(task.execution, { type: "taskSubmitted", token: task.token, output });
  }

  async function followJob(task: Task & { job?: string }, action: string, as: Principal): Promise<void> {
    if (!isJob(action)) throw new TaskError("States.Runtime", `${task.resource} has no .sync pattern.`);
    const output = await readJob(kernel, action, task.job!, as);
    if (output !== undefined) return succeed(task, output);
    clock.after(POLL_MS, () => {
      if (!stopped && tasks.find(task.token)) reportFailure(task, followJob(task, action, as));
    });
  }

  function reportFailure(task: Task, work: Promise<void>) {
    work.catch((error: unknown) => {
      if (stopped) return;
      // The disk failed, not the task: it is performed again, from what is stored.
      if (error instanceof StorageError) {
        clock.after(POLL_MS, () => performAgain(task.token));
        return;
      }
      const { error: name, cause } =
        error instanceof TaskError ? error : { error: "States.TaskFailed", cause: (error as Error).message };
      engine().sendLater(task.execution, { type: "taskFailed", token: task.token, error: name, cause });
    });
  }

  function performAgain(token: string): void {
    const task = stopped ? undefined : tasks.find(token);
    if (task) reportFailure(task, perform(task));
  }

  return {
    perform: (task: Task) => {
      if (!stopped) reportFailure(task, perform(task));
    },
    stop() {
      stopped = true;
    },
  };
}
