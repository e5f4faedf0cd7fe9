// Job records. Each change of phase is committed together with the event that reports it.
import type { Kernel } from "../../../kernel/service.ts";
import type { Documents } from "../records.ts";
import { type Job, type JobKind, type Phase, statusOf } from "./job.ts";

export type JobStore = ReturnType<typeof openJobStore>;

export function openJobStore(
  kernel: Kernel,
  documents: Documents,
  publish: (job: Job, before: Job | undefined) => void,
) {
  const find = (kind: JobKind, name: string) => documents.get<Job>(kind, name);
  const save = (job: Job) => documents.put(job.kind, job.name, job.created, job);

  return {
    find,
    list: (kind: JobKind) => documents.list<Job>(kind),
    create(given: Pick<Job, "kind" | "name" | "arn" | "roleArn" | "request">) {
      const now = kernel.clock.now();
      const job: Job = {
        ...given,
        status: "InProgress",
        phase: "Starting",
        transitions: [
          { Status: "Starting", StartTime: now, StatusMessage: "Preparing the instances for training" },
        ],
        created: now,
        modified: now,
        starts: 0,
        crashes: 0,
      };
      save(job);
      publish(job, undefined);
      return job;
    },
    /** Changes the phase, and the members in `known`. */
    enterPhase({ kind, name }: Job, phase: Phase, message?: string, known?: Partial<Job>) {
      return kernel.store.tx(() => {
        const before = find(kind, name)!;
        // Two changes in one millisecond must still be ordered: consumers compare this time.
        const now = Math.max(kernel.clock.now(), before.modified + 1);
        const earlier = before.transitions.map((entry) => ({ ...entry, EndTime: entry.EndTime ?? now }));
        const job: Job = {
          ...before,
          ...known,
          phase,
          status: statusOf(phase, before.status),
          modified: now,
          transitions: [
            ...earlier,
            { Status: phase, StartTime: now, ...(message && { StatusMessage: message }) },
          ],
        };
        if (statusOf(phase, "InProgress") !== "InProgress" && phase !== "Stopping") {
          job.ended = now;
          job.transitions.at(-1)!.EndTime = now;
        }
        save(job);
        publish(job, before);
        return job;
      });
    },
    /** Changes members without a change of phase and without an event. */
    update({ kind, name }: Job, known: Partial<Job>): Job {
      return kernel.store.tx(() => {
        const job = { ...find(kind, name)!, ...known };
        save(job);
        return job;
      });
    },
  };
}
