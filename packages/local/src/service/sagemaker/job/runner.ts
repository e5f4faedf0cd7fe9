// Runs jobs as child processes: wait for a slot, prepare the folder, run the program, store the output. The job's record
// has its phase, so that an interrupted job continues or fails at the next start.
import { mkdir, rm } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { retryOnStorageError } from "../../../kernel/disk.ts";
import type { Kernel } from "../../../kernel/service.ts";
import { asStorageError, StorageError } from "../../../kernel/storage-error.ts";
import type { ProgramRegistry } from "../images.ts";
import { openLogWriter } from "../../logs/writer.ts";
import { FAILURE_REASON_CHARACTERS, JOB_STOP_GRACE_MS } from "../limits.ts";
import { type Program, startProgram } from "../program.ts";
import { asRole } from "../s3.ts";
import { isFinished, type Job, JobFailure, type JobKind, type MetricPoint, type StopReason } from "./job.ts";
import type { JobStore } from "./job-store.ts";
import { openJobSlots } from "./job-slots.ts";
import type { JobSpec } from "./spec.ts";

export type Runner = ReturnType<typeof startRunner>;

interface Run {
  work: JobSpec;
  abort: AbortController;
  program?: Program;
  /** Cancels the job's timers. */
  timers: Array<() => void>;
  /** The job's spot capacity was reclaimed: it restarts. */
  interrupted?: boolean;
}

const KINDS: JobKind[] = ["training-job", "processing-job"];
const FAULT = "InternalServerError: ";
const LOST = `${FAULT}We encountered an internal error. Please try again.`;
/** The exit code of a program that SIGTERM terminated. */
const SIGTERM_EXIT = 143;
const NO_CAPACITY =
  "CapacityError: Unable to provision requested ML compute capacity. Please retry using a different ML instance type.";

export function startRunner(
  kernel: Kernel,
  programs: ProgramRegistry,
  jobs: JobStore,
  workOf: (job: Job) => JobSpec,
) {
  const { clock } = kernel;
  const runs = new Map<string, Run>();
  const working = new Set<Promise<void>>();
  const slots = openJobSlots(availableParallelism());
  let closing = false;

  const id = ({ kind, name }: Job) => `${kind}/${name}`;
  const home = (job: Job) => join(kernel.dir("sagemaker"), "jobs", job.kind, job.name);
  const folderOf = (job: Job) => join(home(job), String(job.starts));
  const current = (job: Job) => jobs.find(job.kind, job.name)!;
  const written = <T>(work: () => T) => retryOnStorageError(clock, () => closing, work);
  const enter = (...change: Parameters<JobStore["enterPhase"]>) => written(() => jobs.enterPhase(...change));

  /** Restarts or fails a job whose program ran when the cloud was killed. */
  async function recover(job: Job, { work }: Run) {
    if (job.crashes >= work.restarts) {
      await work.saveCheckpoints?.(folderOf(job));
      throw new JobFailure(LOST);
    }
    const crashes = job.crashes + 1;
    await enter(job, "Restarting", "The training job is being started again.", { crashes });
  }

  async function runToEnd(job: Job, run: Run) {
    if (job.phase === "Training") await recover(job, run);
    if (!slots.free()) await enter(job, "Pending", "The training job is waiting for compute capacity.");
    const release = await slots.acquire(run.abort.signal);
    try {
      // On AWS an interrupted job waits for capacity again; here it keeps its slot.
      while (!closing && (await attempt(job, run)) === "again")
        await enter(job, "Restarting", "The training job is being started again.");
    } finally {
      release();
    }
  }

  async function attempt(job: Job, run: Run): Promise<"again" | "over" | "closed"> {
    if (current(job).exit === undefined && !current(job).stop) {
      const file = programFile(run.work);
      await download(job, run);
      if (closing) return "closed";
      if (!current(job).stop) {
        const code = await execute(job, run, file);
        const interrupted = (closing || run.interrupted) && !current(job).stop;
        if (interrupted) await enter(job, "Interrupted", closing ? CLOUD_STOPPED : SPOT_RECLAIMED);
        if (closing) return "closed";
        run.interrupted = false;
        if (interrupted) return "again";
        await written(() => jobs.update(job, { exit: code, metrics: run.work.latestMetrics?.() }));
      }
    }
    await complete(job, run.work);
    return "over";
  }

  function programFile({ image, command }: JobSpec): string {
    const found = programs.find(image, command[0] ?? "");
    if ("problem" in found) throw new JobFailure(`ClientError: ${found.problem}`);
    return found.file;
  }

  async function download(job: Job, run: Run) {
    const before = current(job);
    if (before.starts > 0) await run.work.saveCheckpoints?.(folderOf(before));
    await rm(home(job), { recursive: true, force: true });
    const fresh = await enter(job, "Downloading", "Downloading input data", {
      started: before.started ?? clock.now(),
      starts: before.starts + 1,
    });
    const fault = kernel.fault("sagemaker:job", { job: job.name, kind: job.kind });
    if (fault) throw new JobFailure(fault.message ?? NO_CAPACITY);
    await mkdir(folderOf(fresh), { recursive: true });
    await run.work.prepareFolder(folderOf(fresh), run.abort.signal);
  }

  async function execute(job: Job, run: Run, file: string): Promise<number> {
    const { work } = run;
    const started = await enter(job, "Training", "Training image download completed. Training in progress.");
    const credentials = work.isolated
      ? {}
      : await written(() => kernel.credentials(job.roleArn, "SageMaker"));
    // The job was stopped before its program started.
    if (run.abort.signal.aborted) return SIGTERM_EXIT;
    const stream = `${job.name}/algo-1-${Math.floor(clock.now() / 1000)}`;
    const logStream = openLogWriter(kernel, asRole(job.roleArn), work.group, stream);
    const program = (run.program = startProgram({
      file,
      arguments: work.command.slice(1),
      optMl: folderOf(started),
      env: { ...credentials, ...work.environment, ...kernel.variables },
      log(line) {
        logStream.write(line);
        work.onLine?.(line);
      },
    }));
    run.timers.push(clock.after(work.maxRuntimeMs, () => stop(job, "MaxRuntimeExceeded")));
    const interruption = kernel.fault("sagemaker:interrupt", { job: job.name, kind: job.kind });
    if (interruption)
      run.timers.push(
        clock.after(interruption.ms ?? 0, () => {
          run.interrupted = true;
          void program.stop(clock, JOB_STOP_GRACE_MS);
        }),
      );
    const { code } = await program.exited;
    run.program = undefined;
    await Promise.all([logStream.flush(), work.flush?.()]);
    return code;
  }

  async function complete(job: Job, work: JobSpec) {
    const { stop: stopped, exit, starts } = current(job);
    const folder = folderOf(current(job));
    if (stopped && starts === 0) return void (await enter(job, stopped, STOPPED[stopped]));
    if (!stopped && exit !== 0) {
      const failure = await work.failureOf(folder, exit!);
      await work.saveCheckpoints?.(folder).catch((error: Error) => kernel.log("warn", error.message));
      throw new JobFailure(failure);
    }
    if (!stopped) await enter(job, "Uploading", "Uploading generated training model");
    await work.saveCheckpoints?.(folder);
    const stored = await written(() => work.saveOutput(folder, stopped));
    const output = { ...stored, ...(await work.describe?.(folder)) };
    await enter(job, stopped ?? "Completed", stopped ? STOPPED[stopped] : "Training job completed", output);
  }

  async function fail(job: Job, { work }: Run, error: unknown) {
    const known = error instanceof JobFailure;
    if (!known) kernel.log("error", `The job ${job.name} failed: ${(error as Error).stack}`);
    const disk = asStorageError(error, home(job));
    const failure = (
      known ? error.message : disk instanceof StorageError ? `${FAULT}${disk.message}` : LOST
    ).slice(0, FAILURE_REASON_CHARACTERS);
    const output = await work.describe?.(folderOf(current(job)));
    await enter(job, "Failed", failure, { ...output, failure });
  }

  /** Call after the job was stored. */
  function start(job: Job) {
    const work = workOf(job);
    const run: Run = { work, abort: new AbortController(), timers: [] };
    runs.set(id(job), run);
    if (work.maxWaitMs !== undefined)
      run.timers.push(
        clock.after(job.created + work.maxWaitMs - clock.now(), () => stop(job, "MaxWaitTimeExceeded")),
      );
    const running = runToEnd(job, run)
      .catch((error: unknown) => (closing ? undefined : fail(job, run, error)))
      .catch((error: unknown) =>
        kernel.log("error", `The end of ${job.name} could not be stored: ${String(error)}`),
      )
      .finally(async () => {
        run.timers.forEach((cancel) => cancel());
        runs.delete(id(job));
        if (!closing) await rm(home(job), { recursive: true, force: true });
        working.delete(running);
      });
    working.add(running);
  }

  function stop(job: Job, why: StopReason) {
    const found = current(job);
    if (isFinished(found) || found.stop) return;
    jobs.enterPhase(job, "Stopping", "Stopping the training job", { stop: why });
    const run = runs.get(id(job));
    run?.abort.abort();
    void run?.program?.stop(clock, JOB_STOP_GRACE_MS);
  }

  return {
    start,
    stop,
    /** The metrics of a running job. */
    metrics: (job: Job): MetricPoint[] | undefined => runs.get(id(job))?.work.latestMetrics?.(),
    resume() {
      const unfinished = KINDS.flatMap((kind) => jobs.list(kind)).filter((job) => !isFinished(job));
      for (const job of unfinished.toSorted((a, b) => a.created - b.created)) start(job);
    },
    async close() {
      closing = true;
      for (const { abort, program } of runs.values()) {
        abort.abort();
        void program?.kill();
      }
      await Promise.all(working);
    },
  };
}

const SPOT_RECLAIMED = "The job was interrupted because its spot capacity was reclaimed.";
const CLOUD_STOPPED = "The job was interrupted because the cloud stopped. It restarts at the next start.";
const STOPPED: Record<StopReason, string> = {
  Stopped: "Training job stopped",
  MaxRuntimeExceeded: "Training job runtime exceeded MaxRuntimeInSeconds provided",
  MaxWaitTimeExceeded: "Training job exceeded MaxWaitTimeInSeconds provided",
};
