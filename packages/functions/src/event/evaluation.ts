import { judge, judgeMissed } from "@sluice/core/evaluation/judge.ts";

interface Told {
  detail?: { ProcessingJobName?: string };
}

/** A processing job's change names the job; the clock names none. */
export async function handler({ detail }: Told) {
  if (detail?.ProcessingJobName) await judge(detail.ProcessingJobName, Date.now());
  else await judgeMissed(Date.now());
}
