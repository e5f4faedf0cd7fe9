// The Amazon States Language, as far as the interpreter reads it. Checked when a state machine is created.
import type { Json, JsonObject } from "../language/json.ts";

export type QueryLanguage = "JSONPath" | "JSONata";

export interface Block {
  StartAt: string;
  States: Record<string, State>;
}

export interface Definition extends Block {
  QueryLanguage?: QueryLanguage;
  TimeoutSeconds?: number;
}

export interface Retrier {
  ErrorEquals: string[];
  IntervalSeconds?: number;
  MaxAttempts?: number;
  BackoffRate?: number;
  MaxDelaySeconds?: number;
  JitterStrategy?: "FULL" | "NONE";
}

export interface Catcher {
  ErrorEquals: string[];
  Next: string;
  ResultPath?: string | null;
  Assign?: JsonObject;
  Output?: Json;
}

interface Common {
  QueryLanguage?: QueryLanguage;
  Next?: string;
  End?: boolean;
  InputPath?: string | null;
  OutputPath?: string | null;
  Assign?: JsonObject;
  Output?: Json;
}

interface WithResult extends Common {
  Parameters?: Json;
  Arguments?: Json;
  ResultSelector?: Json;
  ResultPath?: string | null;
  Retry?: Retrier[];
  Catch?: Catcher[];
}

export interface PassState extends Common {
  Type: "Pass";
  Parameters?: Json;
  Result?: Json;
  ResultPath?: string | null;
}

export interface ChoiceState extends Common {
  Type: "Choice";
  Choices: (JsonObject & { Next: string })[];
  Default?: string;
}

export interface WaitState extends Common {
  Type: "Wait";
  Seconds?: Json;
  SecondsPath?: string;
  Timestamp?: Json;
  TimestampPath?: string;
}

export interface SucceedState extends Common {
  Type: "Succeed";
}

export interface FailState extends Common {
  Type: "Fail";
  Error?: Json;
  ErrorPath?: string;
  Cause?: Json;
  CausePath?: string;
}

export interface TaskState extends WithResult {
  Type: "Task";
  Resource: string;
  TimeoutSeconds?: Json;
  TimeoutSecondsPath?: string;
  HeartbeatSeconds?: Json;
  HeartbeatSecondsPath?: string;
  Credentials?: Json;
}

export interface ParallelState extends WithResult {
  Type: "Parallel";
  Branches: Block[];
}

export interface MapProcessor extends Block {
  ProcessorConfig?: { Mode?: "INLINE" | "DISTRIBUTED"; ExecutionType?: "STANDARD" | "EXPRESS" };
}

export interface MapState extends WithResult {
  Type: "Map";
  ItemProcessor?: MapProcessor;
  /** The older name of ItemProcessor. */
  Iterator?: MapProcessor;
  Items?: Json;
  ItemsPath?: string;
  ItemSelector?: Json;
  ItemReader?: JsonObject;
  ItemBatcher?: JsonObject;
  ResultWriter?: JsonObject;
  Label?: string;
  MaxConcurrency?: Json;
  MaxConcurrencyPath?: string;
  ToleratedFailureCount?: Json;
  ToleratedFailureCountPath?: string;
  ToleratedFailurePercentage?: Json;
  ToleratedFailurePercentagePath?: string;
}

export type State =
  | PassState
  | ChoiceState
  | WaitState
  | SucceedState
  | FailState
  | TaskState
  | ParallelState
  | MapState;

export const processorOf = (state: MapState): MapProcessor => (state.ItemProcessor ?? state.Iterator)!;

export const isDistributed = (state: MapState) => processorOf(state).ProcessorConfig?.Mode === "DISTRIBUTED";
