// One turn: from a signal until every branch of the execution waits for something. Nothing is called meanwhile; the
// turn's events, requests and branches are committed together.
import type { StateError } from "../language/error.ts";
import type { RandomSource } from "../language/intrinsic/functions.ts";
import type { Json, JsonObject } from "../language/json.ts";
import type { Scope } from "../language/scope.ts";
import type { Block, ParallelState, State } from "./definition.ts";
import { processorOf } from "./definition.ts";
import type { Branch, Execution, HistoryEvent } from "./execution.ts";

export interface TaskRequest {
  token: string;
  resource: string;
  parameters: Json;
  credentials?: Json;
}

export interface MapRunRequest {
  id: string;
  branch: number;
  /** Undefined with an ItemReader. */
  items: Json[] | undefined;
  /** 0 for no limit. */
  concurrency: number;
  toleratedCount: number;
  toleratedPercentage: number;
}

export interface Run {
  execution: Execution;
  now: number;
  chance: RandomSource;
  region: string;
  events: HistoryEvent[];
  tasks: TaskRequest[];
  mapRuns: MapRunRequest[];
  /** Branches that can go on. */
  ready: number[];
  /** Map and Parallel states whose branches have ended. */
  ended: ({ branch: number; outputs: Json[] } | { branch: number; failure: StateError })[];
}

/** Enough of a turn to read the fields of a state. */
export type EvaluationContext = Pick<Run, "execution" | "chance">;

/** Adds an event to the history. Returns its number. */
export function record(run: Run, previousEventId: number, type: string, details: object = {}): number {
  const id = run.execution.nextEvent++;
  run.events.push({ id, previousEventId, timestamp: run.now, type, ...details });
  return id;
}

export const withDetails = <K extends "input" | "output">(key: K, value: Json) => ({
  [key]: JSON.stringify(value),
  [`${key}Details`]: { truncated: false },
});

export function blockOf({ definition }: Execution, path: Branch["block"]): Block {
  let block: Block = definition;
  for (let at = 0; at < path.length; at += 1) {
    const state = block.States[path[at]!]!;
    if (state.Type === "Map") block = processorOf(state);
    else block = (state as ParallelState).Branches[path[(at += 1)] as number]!;
  }
  return block;
}

export const stateOf = ({ execution }: Pick<Run, "execution">, branch: Branch): State =>
  blockOf(execution, branch.block).States[branch.state]!;

export const usesJsonata = ({ definition }: Execution, state: State) =>
  (state.QueryLanguage ?? definition.QueryLanguage) === "JSONata";

/** What the fields of the branch's state can read, with another input where a field has one. */
export function scopeOf(
  { execution, chance }: EvaluationContext,
  branch: Branch,
  input: Json = branch.input,
): Scope {
  return { input, context: contextOf(execution, branch), variables: variablesOf(execution, branch), chance };
}

function variablesOf(execution: Execution, branch: Branch): JsonObject {
  const outer = branch.parent && execution.branches.get(branch.parent.branch);
  return outer ? { ...variablesOf(execution, outer), ...branch.variables } : branch.variables;
}

/** The context object, `$$` or `$states.context`. */
function contextOf(execution: Execution, branch: Branch): JsonObject {
  return {
    Execution: {
      Id: execution.arn,
      Input: execution.input,
      Name: execution.name,
      RoleArn: execution.roleArn,
      StartTime: new Date(execution.startedAt).toISOString(),
      RedriveCount: execution.redriveCount,
    },
    State: {
      EnteredTime: new Date(branch.entered.at).toISOString(),
      Name: branch.state,
      RetryCount: branch.retryCount,
    },
    StateMachine: { Id: execution.machine.arn, Name: execution.machine.name },
    ...mapItem(execution, branch),
  };
}

/** Of the nearest Map around the branch. */
function mapItem(execution: Execution, branch: Branch): JsonObject {
  for (let at: Branch | undefined = branch; at?.parent; at = execution.branches.get(at.parent.branch)) {
    const { item, index } = at.parent;
    if (item) return { Map: { Item: { Index: index, Value: item.value } } };
  }
  return {};
}
