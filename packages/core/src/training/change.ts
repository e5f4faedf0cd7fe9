import * as z from "zod";
import { instant } from "../aws/time.ts";
import { db } from "../db.ts";
import { invalidInput, SluiceError } from "../error/error.ts";
import { publish } from "../event/publish.ts";
import * as Model from "../model/model.ts";
import { TrainingStatus, type TrainingRun } from "./training.ts";

const Time = z
  .unknown()
  .transform((value) => instant(value))
  .optional();

const Event = z.object({
  source: z.literal("aws.sagemaker"),
  time: Time,
  detail: z.object({
    TrainingJobName: z.string(),
    TrainingJobStatus: TrainingStatus,
    SecondaryStatus: z.string().nullish(),
    FailureReason: z.string().nullish(),
    HyperParameters: z.record(z.string(), z.string()).nullish(),
    ModelArtifacts: z.object({ S3ModelArtifacts: z.string().nullish() }).nullish(),
    Tags: z.record(z.string(), z.string()).nullish(),
    CreationTime: Time,
    TrainingStartTime: Time,
    TrainingEndTime: Time,
    LastModifiedTime: Time,
  }),
});

/** Which of two states is the later one when SageMaker gives both the same time. */
const rank: Record<TrainingStatus, number> = {
  Preparing: 0,
  InProgress: 1,
  Stopping: 2,
  Completed: 3,
  Failed: 3,
  Stopped: 3,
  Deleting: 4,
};

/** Jobs carry their model as a tag; a job without one is someone else's. */
export const modelTag = "sluice:model";

export function observe(event: unknown): (Omit<TrainingRun, "changedAt"> & { model: string }) | undefined {
  const parsed = Event.safeParse(event);
  if (!parsed.success) throw invalidInput(parsed.error, "EVENT_INVALID");
  const { detail, time } = parsed.data;
  const model = detail.Tags?.[modelTag];
  const modifiedAt = detail.LastModifiedTime ?? time;
  const createdAt = detail.CreationTime ?? modifiedAt;
  if (!model) return undefined;
  if (modifiedAt === undefined || createdAt === undefined) {
    throw new SluiceError("EVENT_INVALID", "LastModifiedTime: neither it nor the event's time can be read.");
  }
  const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
  return {
    name: detail.TrainingJobName,
    model,
    status: detail.TrainingJobStatus,
    secondaryStatus: detail.SecondaryStatus ?? undefined,
    failureReason: detail.FailureReason || undefined,
    hyperparameters: detail.HyperParameters ?? undefined,
    artifact: detail.ModelArtifacts?.S3ModelArtifacts ?? undefined,
    sourceModifiedAt: modifiedAt,
    createdAt: new Date(createdAt).toISOString(),
    startedAt: iso(detail.TrainingStartTime),
    finishedAt: iso(detail.TrainingEndTime),
  };
}

export async function react(event: unknown, now: number): Promise<void> {
  const seen = observe(event);
  if (!seen || !Model.list().some(({ name }) => name === seen.model)) return;
  const changedAt = new Date(now).toISOString();
  const { name, ...rest } = seen;
  const order = rank[seen.status];
  const known = Object.fromEntries(
    Object.entries(rest).filter(([, value]) => value !== undefined),
  ) as typeof rest;
  const { rejected } = await db()
    .entities.trainingRun.update({ name })
    .set({ ...known, rank: order, changedAt })
    .where((is, { notExists, lt, eq }) => {
      const sameTime = `${eq(is.sourceModifiedAt, seen.sourceModifiedAt)} AND ${lt(is.rank, order)}`;
      return `${notExists(is.name)} OR ${lt(is.sourceModifiedAt, seen.sourceModifiedAt)} OR (${sameTime})`;
    })
    .go({ response: "none", returnOnConditionCheckFailure: true });
  if (rejected) return;
  const { model, status, secondaryStatus, failureReason } = seen;
  await publish([
    { type: "training.changed", detail: { name, model, status, secondaryStatus, failureReason, changedAt } },
  ]);
}
