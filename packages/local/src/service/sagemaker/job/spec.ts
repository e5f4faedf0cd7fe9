// What the runner needs to know of a kind of job: its program, what goes into its folder, and what is kept of it.
import type { Job, MetricPoint, StopReason } from "./job.ts";

export interface JobSpec {
  image: string;
  /** The program among the image's `bin`, and its arguments. */
  command: string[];
  environment: Record<string, string>;
  /** Network isolation: the program gets no credentials. That it cannot reach anything is not enforced. */
  isolated?: boolean;
  /** The log group; the stream is the job's own. */
  group: string;
  maxRuntimeMs: number;
  /** From the job's creation, for one that waits for spare capacity. */
  maxWaitMs?: number;
  /** How often it may start again after the machine ended under it. */
  restarts: number;
  prepareFolder(folder: string, signal: AbortSignal): Promise<void>;
  /** Sees every line the program prints. */
  onLine?(line: string): void;
  latestMetrics?(): MetricPoint[];
  flush?(): Promise<void>;
  /** Keeps what must outlive an interruption; also called on the folder that a crash left. */
  saveCheckpoints?(folder: string): Promise<void>;
  /** Takes the output to where the request wants it; of a stopped job, as far as there is any. */
  saveOutput(folder: string, stopped: StopReason | undefined): Promise<Partial<Job>>;
  /** What the ended program left about itself. */
  describe?(folder: string): Promise<Partial<Job>>;
  /** The FailureReason of a program that ended with this code. */
  failureOf(folder: string, code: number): Promise<string>;
}
