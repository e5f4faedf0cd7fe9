// The record of a training or processing job. Times are epoch milliseconds.

export type JobKind = "training-job" | "processing-job";
export type JobStatus = "InProgress" | "Stopping" | "Completed" | "Failed" | "Stopped";

/** Why a running job is stopped. */
export type StopReason = "Stopped" | "MaxRuntimeExceeded" | "MaxWaitTimeExceeded";

/** SageMaker's SecondaryStatus. Processing jobs have the same phases but do not report them. */
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
  /** The program's exit code: its output remains to be stored. */
  exit?: number;
  /** Number of starts. Each start uses a new folder. */
  starts: number;
  /** Number of times that the cloud was killed while the program ran. */
  crashes: number;
  metrics?: MetricPoint[];
  /** The S3 URI of the model artifact. */
  artifact?: string;
}

export const isFinished = ({ status }: Job) => ["Completed", "Failed", "Stopped"].includes(status);

/** The status in a phase. Most phases do not change it. */
export function statusOf(phase: Phase, before: JobStatus): JobStatus {
  if (phase === "Completed" || phase === "Failed" || phase === "Stopping") return phase;
  if (phase === "Stopped" || phase === "MaxRuntimeExceeded" || phase === "MaxWaitTimeExceeded")
    return "Stopped";
  return before;
}

/** Fails the job with this message as FailureReason. */
export class JobFailure extends Error {}
