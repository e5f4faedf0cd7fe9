// Parses SageMaker's state-change event of a training job.
import * as z from "zod";
import { isOwn, tagKeys } from "../aws/tags.ts";
import { toEpochMs } from "../aws/time.ts";
import { invalidInput, SluiceError } from "../error/error.ts";
import { TrainingStatus, type Step } from "./training.ts";

const Time = z
  .unknown()
  .transform((value) => toEpochMs(value))
  .optional();

const Transition = z.object({
  Status: z.string(),
  StartTime: Time,
  EndTime: Time,
  StatusMessage: z.string().nullish(),
});

const Event = z.object({
  source: z.literal("aws.sagemaker"),
  time: Time,
  detail: z.object({
    TrainingJobName: z.string(),
    TrainingJobStatus: TrainingStatus,
    SecondaryStatus: z.string().nullish(),
    SecondaryStatusTransitions: z.array(Transition).nullish(),
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

export interface JobObservation {
  name: string;
  /** By the tags of a job of this app and stage. Another one is known by its record, or belongs to someone else. */
  model?: string;
  status: TrainingStatus;
  secondaryStatus?: string;
  failureReason?: string;
  hyperparameters?: Record<string, string>;
  image?: string;
  artifact?: string;
  metrics?: Record<string, number>;
  billableSeconds?: number;
  steps?: Step[];
  /** SageMaker's last-modified time (epoch ms) orders observations. */
  modifiedAt: number;
  createdAt: number;
  startedAt?: string;
  finishedAt?: string;
}

export function parseJobEvent(event: unknown): JobObservation {
  const parsed = Event.safeParse(event);
  if (!parsed.success) throw invalidInput(parsed.error, "EVENT_INVALID");
  const { detail, time } = parsed.data;
  const modifiedAt = detail.LastModifiedTime ?? time;
  if (modifiedAt === undefined) {
    throw new SluiceError("EVENT_INVALID", "LastModifiedTime and the event's time are both missing.");
  }
  return {
    name: detail.TrainingJobName,
    model: isOwn(detail.Tags) ? detail.Tags?.[tagKeys.model] : undefined,
    status: detail.TrainingJobStatus,
    secondaryStatus: detail.SecondaryStatus ?? undefined,
    failureReason: detail.FailureReason || undefined,
    hyperparameters: detail.HyperParameters ?? undefined,
    artifact: detail.ModelArtifacts?.S3ModelArtifacts ?? undefined,
    steps: detail.SecondaryStatusTransitions?.map(({ Status, StartTime, EndTime, StatusMessage }) => ({
      status: Status,
      startedAt: iso(StartTime) ?? iso(modifiedAt)!,
      endedAt: iso(EndTime),
      message: StatusMessage || undefined,
    })),
    modifiedAt,
    createdAt: detail.CreationTime ?? modifiedAt,
    startedAt: iso(detail.TrainingStartTime),
    finishedAt: iso(detail.TrainingEndTime),
  };
}

const iso = (ms: number | undefined) => (ms === undefined ? undefined : new Date(ms).toISOString());
