// Operations on executions.
import { randomUUID } from "node:crypto";
import { AwsError } from "../../../kernel/error.ts";
import type { Kernel, Service } from "../../../kernel/service.ts";
import type { Engine } from "../engine.ts";
import { MAX_CAUSE, MAX_ERROR, MAX_PAYLOAD, NAME, REDRIVE_MS } from "../limits.ts";
import type { Status } from "../machine/execution.ts";
import type { ExecutionRow, Executions } from "../store/executions.ts";
import type { Machine, Machines } from "../store/machines.ts";
import { executionArn } from "./arns.ts";
import { executionMissingError, machineMissingError, validation } from "./error.ts";
import { presentEvent } from "./history.ts";
import { page } from "./page.ts";

export interface StartInput {
  stateMachineArn?: string;
  name?: string;
  input?: string;
}

export type Start = ReturnType<typeof openExecutionStarter>;

/** Starts executions. By its name, a repeated request finds the execution it started. */
export function openExecutionStarter(
  { clock, store }: Kernel,
  machines: Machines,
  executions: Executions,
  engine: () => Engine,
) {
  return ({ stateMachineArn = "", name = randomUUID(), input = "{}" }: StartInput) => {
    const machine = machines.find(stateMachineArn);
    if (!machine) throw machineMissingError(stateMachineArn);
    if (!NAME.test(name)) throw new AwsError("InvalidName", `Invalid Name: '${name}'`);
    checkInput(input);
    const arn = executionArn(machine.arn, name);
    const existing = executions.row(arn);
    if (existing) return repeated(existing, input);
    const started_at = clock.now();
    store.tx(() =>
      executions.create({ arn, machine: machine.arn, name, revision: machine.revision, input, started_at }),
    );
    engine().sendLater(arn, { type: "start" });
    return { executionArn: arn, startDate: new Date(started_at) };
  };
}

function repeated({ arn, status, input, started_at }: ExecutionRow, given: string) {
  if (status === "RUNNING" && input === given) return { executionArn: arn, startDate: new Date(started_at) };
  throw new AwsError("ExecutionAlreadyExists", `Execution Already Exists: '${arn}'`);
}

function checkInput(input: string): void {
  if (Buffer.byteLength(input) > MAX_PAYLOAD) throw validation(`input: longer than ${MAX_PAYLOAD} bytes.`);
  try {
    JSON.parse(input);
  } catch (error) {
    throw new AwsError(
      "InvalidExecutionInput",
      `Invalid State Machine Execution Input: '${(error as Error).message}'`,
    );
  }
}

export function executionOperations(
  { clock }: Kernel,
  machines: Machines,
  executions: Executions,
  engine: Engine,
  start: Start,
): Service["operations"] {
  const find = (arn: string): ExecutionRow => {
    const found = executions.row(arn);
    if (!found) throw executionMissingError(arn);
    return found;
  };
  const requireMachine = (arn: string): Machine => {
    const found = machines.find(arn);
    if (!found) throw machineMissingError(arn);
    return found;
  };

  return {
    StartExecution: start,
    async StartSyncExecution(input: StartInput) {
      const machine = requireMachine(input.stateMachineArn ?? "");
      if (machine.type !== "EXPRESS") throw typeNotSupported();
      const { executionArn: arn, startDate } = start(input);
      await engine.ended(arn);
      const { redriveCount: _, ...found } = describe(find(arn));
      const durationMs = Number(found.stopDate) - Number(startDate);
      const billingDetails = {
        billedMemoryUsedInMB: 64,
        billedDurationInMilliseconds: Math.max(100, Math.ceil(durationMs / 100) * 100),
      };
      return { ...found, billingDetails };
    },
    async StopExecution(input: { executionArn: string; error?: string; cause?: string }) {
      const { executionArn: arn, error, cause } = input;
      find(arn);
      if ((error?.length ?? 0) > MAX_ERROR || (cause?.length ?? 0) > MAX_CAUSE)
        throw validation(`error has at most ${MAX_ERROR} characters, cause ${MAX_CAUSE}.`);
      await engine.send(arn, { type: "stop", ...(error && { error }), ...(cause && { cause }) });
      return { stopDate: new Date(find(arn).stopped_at!) };
    },
    async RedriveExecution({ executionArn: arn }: { executionArn: string }) {
      const { status, stopped_at, map_run } = find(arn);
      const redrivable = status !== "RUNNING" && status !== "SUCCEEDED" && map_run === null;
      if (!redrivable || clock.now() - (stopped_at ?? 0) > REDRIVE_MS)
        throw new AwsError(
          "ExecutionNotRedrivable",
          `Execution is not redrivable: it is ${status}${redrivable ? " for more than 14 days" : ""}`,
        );
      const redriveDate = new Date(clock.now());
      await engine.send(arn, { type: "redrive" });
      return { redriveDate };
    },
    DescribeExecution: ({ executionArn: arn }: { executionArn: string }) => describe(find(arn)),
    DescribeStateMachineForExecution({ executionArn: arn }: { executionArn: string }) {
      const { machine, revision } = find(arn);
      const { definition, role_arn } = machines.revision(revision);
      const name = machine.split(":").at(-1)!;
      return {
        stateMachineArn: machine,
        name,
        definition,
        roleArn: role_arn,
        updateDate: new Date(find(arn).started_at),
      };
    },
    ListExecutions(input: {
      stateMachineArn: string;
      statusFilter?: Status;
      maxResults?: number;
      nextToken?: string;
    }) {
      if (requireMachine(input.stateMachineArn).type === "EXPRESS") throw typeNotSupported();
      const { items, nextToken } = page(input, (limit, offset) =>
        executions.list(input.stateMachineArn, input.statusFilter, limit, offset),
      );
      return { executions: items.map(summary), nextToken };
    },
    GetExecutionHistory(input: HistoryInput) {
      find(input.executionArn);
      const newestFirst = input.reverseOrder === true;
      const { items, nextToken } = page(input, (limit, offset) =>
        // The place in a history is the number of the last event.
        executions.events(input.executionArn, newestFirst ? offset || Infinity : offset, limit, newestFirst),
      );
      const last = items.at(-1)?.id;
      return {
        events: items.map((event) => presentEvent(event, input.includeExecutionData !== false)),
        ...(nextToken !== undefined && { nextToken: String(last) }),
      };
    },
  };
}

const typeNotSupported = () =>
  new AwsError(
    "StateMachineTypeNotSupported",
    "This operation is not supported by this type of state machine",
  );

interface HistoryInput {
  executionArn: string;
  reverseOrder?: boolean;
  includeExecutionData?: boolean;
  maxResults?: number;
  nextToken?: string;
}

const summary = ({ arn, machine, name, status, started_at, stopped_at, redrive_count }: ExecutionRow) => ({
  executionArn: arn,
  stateMachineArn: machine,
  name,
  status,
  startDate: new Date(started_at),
  ...(stopped_at !== null && { stopDate: new Date(stopped_at) }),
  redriveCount: redrive_count,
});

export const describe = (row: ExecutionRow) => ({
  ...summary(row),
  input: row.input,
  inputDetails: { included: true },
  ...(row.output !== null && { output: row.output, outputDetails: { included: true } }),
  ...(row.error !== null && { error: row.error }),
  ...(row.cause !== null && { cause: row.cause }),
  ...(row.map_run !== null && { mapRunArn: row.map_run }),
});
