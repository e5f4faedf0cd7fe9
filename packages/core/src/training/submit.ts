// Creates the SageMaker training job of a run whose dataset is ready.
import {
  CreateTrainingJobCommand,
  type Channel,
  type CreateTrainingJobCommandInput,
  type SageMakerServiceException,
  type TrainingInstanceType,
} from "@aws-sdk/client-sagemaker";
import { byName } from "@sluice/models/index.ts";
import { buckets, linked } from "../aws/link.ts";
import { sagemaker } from "../aws/sagemaker.ts";
import { tagsOf } from "../aws/tags.ts";
import { vpcConfig } from "../aws/vpc.ts";
import type { Dataset } from "../dataset/dataset.ts";
import { db } from "../db.ts";
import { toSluiceError } from "../error/error.ts";
import { isQuotaExceeded, toQuotaError } from "../quota/shortage.ts";
import { builtInChannels, builtInHyperparameters } from "./builtin/job.ts";
import { writeManifests } from "./builtin/manifest.ts";
import { finishRun } from "./finish.ts";
import { stopJob } from "./job.ts";
import { metricDefinitions } from "./metric.ts";
import { getRunItem } from "./read.ts";
import type { TrainingRunItem } from "./training.entity.ts";
import { MAX_RUNTIME_SECONDS } from "./training.ts";
import { volumeFor } from "./volume.ts";

/** How long a job may wait for spot capacity, in addition to its runtime. */
const SPOT_WAIT_SECONDS = 4 * 3_600;
const SPOT_ATTEMPTS = 3;

export async function submitJob(run: TrainingRunItem, dataset: Dataset, now: number): Promise<void> {
  const { rejected } = await db()
    .entities.trainingRun.update({ name: run.name })
    .set({ submittedAt: run.submittedAt ?? new Date(now).toISOString() })
    .where((is, { eq, notExists }) => `${eq(is.status, "Preparing")} AND ${notExists(is.stopRequested)}`)
    .go({ response: "none", returnOnConditionCheckFailure: true });
  if (rejected) return;
  const problem = (await prepareInput(run, dataset)) ?? (await createJob(run, dataset));
  if (problem !== undefined) {
    await finishRun(run, { status: "Failed", reason: problem, submitted: true }, now);
    return;
  }
  // A stop may have been requested while the job was being created.
  if ((await getRunItem(run.name))?.stopRequested) await stopJob(run.name);
}

const isBuiltIn = ({ container }: TrainingRunItem) => container === "builtin";

/** Returns why the input cannot be used. */
async function prepareInput(run: TrainingRunItem, dataset: Dataset): Promise<string | undefined> {
  if (!isBuiltIn(run)) return undefined;
  try {
    await writeManifests(run.name, dataset, byName(run.model)!.classes);
    return undefined;
  } catch (thrown) {
    const { kind, message, hint } = toSluiceError(thrown);
    if (kind === "system") throw thrown;
    return `${message} ${hint}`;
  }
}

/** Returns why SageMaker rejected the job. */
async function createJob(run: TrainingRunItem, dataset: Dataset): Promise<string | undefined> {
  try {
    await sagemaker().send(new CreateTrainingJobCommand(jobOf(run, dataset)));
    return undefined;
  } catch (error) {
    const { name, message, $fault } = error as SageMakerServiceException;
    // A repeated event: the job exists already.
    if (name === "ResourceInUse") return undefined;
    if ($fault !== "client" || /Throttl|TooManyRequests/.test(name)) throw error;
    if (!isQuotaExceeded(error)) return `SageMaker rejected the job: ${name}: ${message}`;
    const refusal = toQuotaError(error, "Use another instance type, or wait for other jobs.");
    return `${refusal.code}: ${refusal.message} ${refusal.hint}`;
  }
}

function jobOf(run: TrainingRunItem, dataset: Dataset): CreateTrainingJobCommandInput {
  const { name, model, spot = false } = run;
  const seconds = run.maxRuntimeSeconds ?? MAX_RUNTIME_SECONDS;
  const artifacts = `s3://${buckets.artifacts()}`;
  const builtIn = isBuiltIn(run);
  // Streamed input needs no disk.
  const inputBytes = builtIn ? 0 : (dataset.bytes?.train ?? 0) + (dataset.bytes?.validation ?? 0);
  return {
    TrainingJobName: name,
    RoleArn: linked("Training", "roleArn"),
    AlgorithmSpecification: {
      TrainingImage: run.image ?? linked("Training", `${run.container}Image`),
      TrainingInputMode: builtIn ? "Pipe" : "File",
      // SageMaker defines the metrics of its algorithm, and rejects others.
      ...(!builtIn && { MetricDefinitions: metricDefinitions }),
    },
    HyperParameters: builtIn ? builtInHyperparameters(run, dataset) : run.hyperparameters,
    InputDataConfig: builtIn ? builtInChannels(name, artifacts) : channels(run, dataset, artifacts),
    // SageMaker appends the job's name.
    OutputDataConfig: { S3OutputPath: `${artifacts}/training/` },
    ResourceConfig: {
      InstanceType: run.instance as TrainingInstanceType,
      InstanceCount: 1,
      VolumeSizeInGB: volumeFor(inputBytes),
    },
    StoppingCondition: {
      MaxRuntimeInSeconds: seconds,
      ...(spot && { MaxWaitTimeInSeconds: Math.min(MAX_RUNTIME_SECONDS, seconds + SPOT_WAIT_SECONDS) }),
    },
    VpcConfig: vpcConfig("Training"),
    EnableManagedSpotTraining: spot,
    // An interrupted job continues from its checkpoint.
    ...(spot && {
      CheckpointConfig: { S3Uri: `${artifacts}/training/${name}/checkpoints/` },
      RetryStrategy: { MaximumRetryAttempts: SPOT_ATTEMPTS },
    }),
    Tags: tagsOf(model, name),
  };
}

/** The dataset's folder, a manifest of files for each split that has any, and the weights to start from. */
function channels(
  { startPoint }: TrainingRunItem,
  { folder, objects }: Dataset,
  artifacts: string,
): Channel[] {
  const from = (ChannelName: string, S3DataType: "S3Prefix" | "ManifestFile", S3Uri: string): Channel => ({
    ChannelName,
    DataSource: { S3DataSource: { S3DataType, S3Uri, S3DataDistributionType: "FullyReplicated" } },
    InputMode: "File",
  });
  const splits = (["train", "validation"] as const).filter((split) => (objects?.[split] ?? 0) > 0);
  return [
    from("dataset", "S3Prefix", `${artifacts}/${folder!}`),
    ...splits.map((split) => from(split, "ManifestFile", `${artifacts}/${folder}${split}.manifest`)),
    ...(startPoint ? [from("weights", "S3Prefix", startPoint.uri)] : []),
  ];
}
