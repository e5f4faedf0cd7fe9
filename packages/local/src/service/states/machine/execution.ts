// What is stored of an execution between two turns.
import type { Json, JsonObject } from "../language/json.ts";
import type { Definition } from "./definition.ts";

export type Status = "RUNNING" | "SUCCEEDED" | "FAILED" | "TIMED_OUT" | "ABORTED";

export interface Execution {
  arn: string;
  name: string;
  machine: { arn: string; name: string };
  roleArn: string;
  definition: Definition;
  input: Json;
  startedAt: number;
  redriveCount: number;
  /** When the time limit began again. */
  redrivenAt?: number;
  status: Status;
  output?: Json;
  error?: string;
  cause?: string;
  nextEvent: number;
  nextBranch: number;
  branches: Map<number, Branch>;
}

/** One sequence of states: of the whole machine, an iteration of a Map, or a branch of a Parallel. */
export interface Branch {
  id: number;
  parent?: Parent;
  /** The states and indices that lead to the block of this branch. */
  block: (string | number)[];
  state: string;
  /** The raw input of the state. */
  input: Json;
  /** Those that this branch assigned. */
  variables: JsonObject;
  lastEvent: number;
  entered: { event: number; previous: number; at: number };
  /** Attempts by retrier of the current state. */
  retries: number[];
  retryCount: number;
  phase: Phase;
}

export interface Parent {
  branch: number;
  /** The index of the output of this branch. */
  index: number;
  /** Of a Map: what `$$.Map.Item.Value` reads. */
  item?: { value: Json };
}

export type Phase =
  | { type: "enter" }
  /** Entered, and to be done, perhaps again after a retry. */
  | { type: "work" }
  | { type: "wait"; until: number; next: "work" | "exit" }
  | TaskPhase
  | ChildrenPhase
  | { type: "mapRun"; id: string };

export interface TaskPhase {
  type: "task";
  token: string;
  /** Whose result the state waits for: the call's own, or a job's or callback's after it. */
  awaits: "response" | "job" | "callback";
  timeoutAt?: number;
  heartbeat?: { seconds: number; dueAt: number };
}

export interface ChildrenPhase {
  type: "children";
  /** By index. */
  outputs: (Json | undefined)[];
  running: number;
  /** Of a Map: inputs of the iterations that have not started. */
  pending: { index: number; input: Json; value: Json }[];
}

export interface HistoryEvent {
  id: number;
  previousEventId: number;
  timestamp: number;
  type: string;
  [details: `${string}Details`]: object;
}
