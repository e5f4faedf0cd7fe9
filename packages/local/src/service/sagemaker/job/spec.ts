// What the runner needs for a job: its program, its folder and its output.
import type { Job, MetricPoint, StopReason } from "./job.ts";

export interface JobSpec {
  image: string;
  /** A program of the image's `bin`, and its arguments. */
  command: string[];
  environment: Record<string, string>;
  /** Network isolation: the program receives no credentials. The network itself is not blocked. */
  isolated?: boolean;
  /** The log group. */
  group: string;
  maxRuntimeMs: number;
  /** Since the job's creation, for spot jobs. */
  maxWaitMs?: number;
  /** Maximum number of restarts after the cloud was killed. */
  restarts: number;
  prepareFolder(folder: string, signal: AbortSignal): Promise<void>;
  /** Receives every line of the program's output. */
  onLine?(line: string): void;
  latestMetrics?(): MetricPoint[];
  flush?(): Promise<void>;
  /** Stores what must survive an interruption; also called with the folder after a crash. */
  saveCheckpoints?(folder: string): Promise<void>;
  /** Uploads the output; for a stopped job, as far as it exists. */
  saveOutput(folder: string, stopped: StopReason | undefined): Promise<Partial<Job>>;
  /** Members of the record that come from the program's files. */
  describe?(folder: string): Promise<Partial<Job>>;
  /** The FailureReason for this exit code. */
  failureOf(folder: string, code: number): Promise<string>;
}
