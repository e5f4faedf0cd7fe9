// A run with its dataset, as a SageMaker training job.
import {
  CreateTrainingJobCommand,
  type Channel,
  type CreateTrainingJobCommandInput,
  type SageMakerServiceException,
} from "@aws-sdk/client-sagemaker";
import { app, buckets, linked } from "../aws/link.ts";
import { sagemaker } from "../aws/sagemaker.ts";
import { byName } from "@sluice/models/index.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { db } from "../db.ts";
import { toSluiceError } from "../error/error.ts";
import { builtInChannels, builtInHyperparameters } from "./builtin/job.ts";
import { writeManifests } from "./builtin/manifest.ts";
import { finish } from "./finish.ts";
import { metricDefinitions } from "./metric.ts";
import { itemOf } from "./read.ts";
import { stopJob } from "./job.ts";
import { tags } from "./tags.ts";
import { volumeFor } from "./volume.ts";
import type { TrainingRunItem } from "./training.entity.ts";

/** Spot capacity may be away for a while: this much longer than the job itself may take. */
const SPOT_WAIT_SECONDS = 4 * 3_600;
/** SageMaker's own bound. */
const LONGEST_SECONDS = 28 * 86_400;
const SPOT_ATTEMPTS = 3;

export async function submit(run: TrainingRunItem, dataset: Dataset, now: number): Promise<void> {
  const { rejected } = await db()
    .entities.trainingRun.update({ name: run.name })
    .set({ submittedAt: run.submittedAt ?? new Date(now).toISOString() })
    .where((is, { eq, notExists }) => `${eq(is.status, "Preparing")} AND ${notExists(is.stopRequested)}`)
    .go({ response: "none", returnOnConditionCheckFailure: true });
  if (rejected) return;
  const fail = (reason: string) => finish(run, { status: "Failed", reason, submitted: true }, now);
  try {
    if (isBuiltIn(run)) await writeManifests(run.name, dataset, byName(run.model)!.classes);
  } catch (thrown) {
    const { kind, message, hint } = toSluiceError(thrown);
    if (kind === "system") throw thrown;
    await fail(`${message} ${hint}`);
    return;
  }
  try {
    await sagemaker().send(new CreateTrainingJobCommand(jobOf(run, dataset)));
  } catch (error) {
    const { name, message, $fault } = error as SageMakerServiceException;
    // A repeated event: the job is there.
    if (name !== "ResourceInUse") {
      if ($fault !== "client" || /Throttl|TooManyRequests/.test(name)) throw error;
      await fail(`SageMaker did not take the job: ${name}: ${message}`);
      return;
    }
  }
  // Asked for while the job was on its way.
  if ((await itemOf(run.name))?.stopRequested) await stopJob(run.name);
}

const isBuiltIn = ({ container }: TrainingRunItem) => container === "builtin";

function jobOf(run: TrainingRunItem, dataset: Dataset): CreateTrainingJobCommandInput {
  const place = app();
  const { name, model, spot = false } = run;
  const seconds = run.maxRuntimeSeconds ?? LONGEST_SECONDS;
  const artifacts = `s3://${buckets.artifacts()}`;
  const builtIn = isBuiltIn(run);
  // What is streamed needs no place.
  const files = builtIn ? 0 : (dataset.bytes?.train ?? 0) + (dataset.bytes?.validation ?? 0);
  const tagged = [
    { Key: tags.app, Value: place.name },
    { Key: tags.stage, Value: place.stage },
    { Key: tags.model, Value: model },
    { Key: tags.run, Value: name },
  ];
  return {
    TrainingJobName: name,
    RoleArn: linked("Training", "roleArn"),
    AlgorithmSpecification: {
      TrainingImage: run.image ?? linked("Training", `${run.container}Image`),
      TrainingInputMode: builtIn ? "Pipe" : "File",
      // SageMaker knows its own algorithm's, and refuses others.
      ...(!builtIn && { MetricDefinitions: metricDefinitions }),
    },
    HyperParameters: builtIn ? builtInHyperparameters(run, dataset) : run.hyperparameters,
    InputDataConfig: builtIn ? builtInChannels(name, artifacts) : channels(dataset, artifacts),
    // SageMaker adds the job's name.
    OutputDataConfig: { S3OutputPath: `${artifacts}/training/` },
    ResourceConfig: {
      InstanceType: run.instance as never,
      InstanceCount: 1,
      VolumeSizeInGB: volumeFor(files),
    },
    StoppingCondition: {
      MaxRuntimeInSeconds: seconds,
      ...(spot && { MaxWaitTimeInSeconds: Math.min(LONGEST_SECONDS, seconds + SPOT_WAIT_SECONDS) }),
    },
    EnableManagedSpotTraining: spot,
    // An interrupted job goes on where it was.
    ...(spot && {
      CheckpointConfig: { S3Uri: `${artifacts}/training/${name}/checkpoints/` },
      RetryStrategy: { MaximumRetryAttempts: SPOT_ATTEMPTS },
    }),
    Tags: tagged,
  };
}

/** Its description and lines always; files by reference, where a split has any. */
function channels({ folder, objects }: Dataset, artifacts: string): Channel[] {
  const from = (ChannelName: string, S3DataType: "S3Prefix" | "ManifestFile", key: string): Channel => ({
    ChannelName,
    DataSource: {
      S3DataSource: { S3DataType, S3Uri: `${artifacts}/${key}`, S3DataDistributionType: "FullyReplicated" },
    },
    InputMode: "File",
  });
  const files = (["train", "validation"] as const).filter((split) => (objects?.[split] ?? 0) > 0);
  return [
    from("dataset", "S3Prefix", folder!),
    ...files.map((split) => from(split, "ManifestFile", `${folder}${split}.manifest`)),
  ];
}
