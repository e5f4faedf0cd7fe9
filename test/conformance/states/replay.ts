// Runs a recorded execution again: each task call answers what it answered on AWS.
import { seededRandom } from "@sluice/local/kernel/random.ts";
import type { Json, JsonObject } from "@sluice/local/service/states/language/json.ts";
import type { Definition } from "@sluice/local/service/states/machine/definition.ts";
import { processorOf, type MapState } from "@sluice/local/service/states/machine/definition.ts";
import type { Execution, HistoryEvent } from "@sluice/local/service/states/machine/execution.ts";
import { stateOf, type MapRunRequest } from "@sluice/local/service/states/machine/run.ts";
import { isOverTolerance } from "@sluice/local/service/states/map-run/tolerance.ts";
import { selectItem } from "@sluice/local/service/states/machine/state/map-items.ts";
import { advance, nextWake, type Signal } from "@sluice/local/service/states/machine/turn.ts";

export interface Recorded {
  id: string;
  definition: string;
  input: string | null;
  events: RecordedEvent[];
}

export interface RecordedEvent {
  id: number | string;
  previousEventId: number;
  type: string;
  [details: `${string}Details`]: JsonObject;
}

const ENDS = /^(Task|LambdaFunction)(Succeeded|Failed|TimedOut)$/;

export const detailsOf = (event: object): JsonObject | undefined =>
  Object.entries(event).find(([key]) => key.endsWith("EventDetails"))?.[1] as JsonObject | undefined;

export async function replay({ definition, input, events }: Recorded) {
  const results = events.filter(({ type }) => ENDS.test(type));
  const random = seededRandom(1);
  const stopped = events.some(({ type }) => type === "ExecutionAborted");
  return run(
    JSON.parse(definition) as Definition,
    JSON.parse(input ?? "{}") as Json,
    results,
    random,
    stopped,
  );
}

async function run(
  definition: Definition,
  input: Json,
  results: RecordedEvent[],
  random: () => number,
  stopped = false,
): Promise<{ execution: Execution; history: HistoryEvent[] }> {
  let now = Date.UTC(2026, 0, 1);
  let ids = 0;
  const execution: Execution = {
    arn: "arn:aws:states:us-east-1:111111111111:execution:machine:run",
    name: "run",
    machine: { arn: "arn:aws:states:us-east-1:111111111111:stateMachine:machine", name: "machine" },
    roleArn: "snf_role_arn",
    definition,
    input,
    startedAt: now,
    redriveCount: 0,
    status: "RUNNING",
    nextEvent: 1,
    nextBranch: 1,
    branches: new Map(),
  };
  const history: HistoryEvent[] = [];
  const signals: Signal[] = [{ type: "start" }];
  for (let turns = 0; execution.status === "RUNNING" && turns < 500; turns += 1) {
    let signal = signals.shift();
    if (!signal) {
      if (stopped) signal = { type: "stop" };
      else {
        now = nextWake(execution);
        signal = { type: "clock" };
      }
    }
    const chance = { random, uuid: () => `id-${(ids += 1)}` };
    const turn = await advance(execution, signal, { now, region: "us-east-1", chance });
    history.push(...turn.events);
    for (const { token, parameters } of turn.tasks)
      signals.push(...answer(results.shift(), token, parameters));
    for (const request of turn.mapRuns)
      signals.push(...(await runItems(execution, request, results, random)));
  }
  return { execution, history };
}

/** A timed out call gives no signal: the clock moves instead. */
function answer(event: RecordedEvent | undefined, token: string, parameters: Json): Signal[] {
  // The calls of child executions are not in the recorded history.
  if (!event) return [{ type: "taskSucceeded", token, output: parameters }];
  const { output, error, cause } = detailsOf(event) ?? {};
  if (event.type.endsWith("TimedOut")) return [];
  if (error === "States.DataLimitExceeded")
    return [{ type: "taskSucceeded", token, output: "€".repeat(100_000) }];
  const text = (value: Json | undefined) => (typeof value === "string" ? value : JSON.stringify(value));
  if (event.type.endsWith("Failed"))
    return [{ type: "taskFailed", token, error: text(error) ?? "", cause: text(cause) ?? "" }];
  return [{ type: "taskSucceeded", token, output: parsed(output ?? null) }];
}

export function parsed(value: Json): Json {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}

/** The child executions of a distributed map, one after the other. */
async function runItems(
  execution: Execution,
  { id, branch, items = [], toleratedCount, toleratedPercentage }: MapRunRequest,
  results: RecordedEvent[],
  random: () => number,
): Promise<Signal[]> {
  const outer = execution.branches.get(branch)!;
  const state = stateOf({ execution }, outer) as MapState;
  const definition = { ...processorOf(state), QueryLanguage: execution.definition.QueryLanguage };
  const chance = { random, uuid: () => "id" };
  const children = [];
  for (const [index, item] of items.entries()) {
    const input = await selectItem({ execution, chance }, outer, state, item, index);
    children.push((await run(definition, input, results, random)).execution);
  }
  const failed = children.filter(({ status }) => status !== "SUCCEEDED").length;
  const signals: Signal[] = [
    { type: "mapRunStarted", id, arn: "arn:aws:states:us-east-1:111111111111:mapRun:machine/label:id" },
  ];
  if (isOverTolerance({ toleratedCount, toleratedPercentage }, failed, items.length))
    return [
      ...signals,
      { type: "mapRunFailed", id, error: "States.ExceedToleratedFailureThreshold", cause: "" },
    ];
  return [...signals, { type: "mapRunSucceeded", id, output: children.map(({ output }) => output ?? null) }];
}
