// What is kept of a training or processing job. Times are epoch milliseconds.

export type JobKind = "training-job" | "processing-job";
export type JobStatus = "InProgress" | "Stopping" | "Completed" | "Failed" | "Stopped";

/** Why a running job is being ended from outside. */
export type StopReason = "Stopped" | "MaxRuntimeExceeded" | "MaxWaitTimeExceeded";

/** SageMaker's SecondaryStatus. Processing jobs pass through the same phases but do not tell. */
export type Phase =
  | "Starting"
  | "Pending"
  | "Downloading"
  | "Training"
  | "Interrupted"
  | "Restarting"
  | "Stopping"
  | "Uploading"
  | "Completed"
  | "Failed"
  | StopReason;

export interface Transition {
  Status: Phase;
  StartTime: number;
  EndTime?: number;
  StatusMessage?: string;
}

export interface MetricPoint {
  MetricName: string;
  Value: number;
  /** Epoch milliseconds. */
  Timestamp: number;
}

export interface Job<Request = any> {
  kind: JobKind;
  name: string;
  arn: string;
  roleArn: string;
  request: Request;
  status: JobStatus;
  phase: Phase;
  transitions: Transition[];
  created: number;
  modified: number;
  started?: number;
  ended?: number;
  failure?: string;
  exitMessage?: string;
  stop?: StopReason;
  /** The program has ended with this code; what is left is to keep its output. */
  exit?: number;
  /** Counts the folders the job has had: each start gets a fresh one. */
  starts: number;
  /** How often the machine ended under it. */
  crashes: number;
  metrics?: MetricPoint[];
  /** Where the model went. */
  artifact?: string;
}

export const isFinished = ({ status }: Job) => ["Completed", "Failed", "Stopped"].includes(status);

/** What the phase means for the status; most phases leave it as it was. */
export function statusOf(phase: Phase, before: JobStatus): JobStatus {
  if (phase === "Completed" || phase === "Failed" || phase === "Stopping") return phase;
  if (phase === "Stopped" || phase === "MaxRuntimeExceeded" || phase === "MaxWaitTimeExceeded")
    return "Stopped";
  return before;
}

/** Ends the job with this FailureReason. */
export class JobFailure extends Error {}
