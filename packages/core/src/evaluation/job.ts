// The processing job of an evaluation: the serving image with the package and the held-out items, instead of an endpoint.
import {
  CreateProcessingJobCommand,
  type CreateProcessingJobCommandInput,
  type ProcessingInput,
} from "@aws-sdk/client-sagemaker";
import { byName } from "@sluice/models/index.ts";
import { jobName } from "@sluice/models/names.ts";
import { appStage, buckets, linked } from "../aws/link.ts";
import { sagemaker } from "../aws/sagemaker.ts";
import { tagsOf } from "../aws/tags.ts";
import { vpcConfig } from "../aws/vpc.ts";
import { getReadyDataset, latestReady } from "../dataset/read.ts";
import { SluiceError } from "../error/error.ts";
import { isQuotaExceeded, toQuotaError } from "../quota/shortage.ts";
import { volumeFor } from "../training/volume.ts";
import { folderOf } from "../version/package.ts";
import { algorithmImage, type ModelVersion } from "../version/version.ts";

const INSTANCE = "ml.m5.large";
const MAX_SECONDS = 4 * 3_600;

interface Job {
  dataset: Dataset;
  /** The live version, evaluated on the same items. */
  rival?: ModelVersion;
  /** The most held-out items to evaluate. */
  samples?: number;
}

/** A folder per job: a failing evaluation does not overwrite an earlier one. */
export const evaluationFolder = (model: string, version: string, job: string) =>
  `evaluations/${model}/${version}/${job}/`;

/** Returns the name of the job. */
export async function createEvaluationJob(
  version: ModelVersion,
  { dataset, rival, samples }: Job,
  now: number,
): Promise<string> {
  if (algorithmImage(version))
    throw new SluiceError(
      "EVALUATION_IMPOSSIBLE",
      `Version ${version.version} of ${version.model} runs only in SageMaker's own image, which Sluice cannot evaluate.`,
    );
  const { model } = version;
  const gate = version.manifest.task === "object-detection" ? byName(model)?.gate.threshold : undefined;
  const VpcConfig = vpcConfig("Hosting");
  const job = jobName(appStage(), model, "evaluate", `${version.version}${now.toString(36)}`);
  await createJob({
    ProcessingJobName: job,
    RoleArn: linked("Hosting", "evaluationRoleArn"),
    AppSpecification: { ImageUri: linked("Hosting", "serveImage"), ContainerEntrypoint: ["evaluate"] },
    Environment: {
      SLUICE_MODEL: model,
      SLUICE_VERSION: version.version,
      ...(rival && { SLUICE_RIVAL: rival.version }),
      ...(samples && { SAMPLES: String(samples) }),
      // Precision and recall of a detector at its gate, as monitoring compares them.
      ...(gate !== undefined && { THRESHOLD: String(gate) }),
    },
    ...channels(version, dataset, rival, job),
    ProcessingResources: {
      ClusterConfig: {
        InstanceCount: 1,
        InstanceType: INSTANCE,
        VolumeSizeInGB: volumeFor(dataset.bytes?.test ?? 0),
      },
    },
    StoppingCondition: { MaxRuntimeInSeconds: MAX_SECONDS },
    ...(VpcConfig && { NetworkConfig: { VpcConfig } }),
    Tags: tagsOf(model),
  });
  return job;
}

async function createJob(input: CreateProcessingJobCommandInput): Promise<void> {
  try {
    await sagemaker().send(new CreateProcessingJobCommand(input));
  } catch (error) {
    if (isQuotaExceeded(error)) throw toQuotaError(error, "Evaluate when other jobs have ended.");
    throw error;
  }
}

/** The dataset whose held-out items are evaluated. */
export async function evaluationDataset(
  { model, version, dataset }: ModelVersion,
  requested: string | undefined,
) {
  const id = requested ?? dataset ?? (await latestReady(model))?.id;
  if (!id)
    throw new SluiceError(
      "EVALUATION_MISSING",
      `${model} has no dataset to evaluate version ${version} on.`,
      { hint: `Label held-out data and prepare it: npx sluice datasets prepare ${model}` },
    );
  const found = await getReadyDataset(id);
  if (found.model !== model)
    throw new SluiceError("INPUT_INVALID", `dataset: ${id} belongs to ${found.model}, not to ${model}.`);
  if (found.items?.test) return found;
  throw new SluiceError("EVALUATION_MISSING", `The dataset ${id} has no held-out items.`, {
    hint: "Prepare a dataset whose split has a share for test.",
  });
}

type Dataset = Awaited<ReturnType<typeof getReadyDataset>>;
type Channels = Pick<CreateProcessingJobCommandInput, "ProcessingInputs" | "ProcessingOutputConfig">;

function channels(
  { model, version, digest }: ModelVersion,
  dataset: Dataset,
  rival: ModelVersion | undefined,
  job: string,
): Channels {
  const bucket = buckets.artifacts();
  const input = (
    name: string,
    key: string,
    S3DataType: "S3Prefix" | "ManifestFile" = "S3Prefix",
  ): ProcessingInput => ({
    InputName: name,
    S3Input: {
      S3Uri: `s3://${bucket}/${key}`,
      LocalPath: `/opt/ml/processing/input/${name}`,
      S3DataType,
      S3InputMode: "File",
    },
  });
  return {
    ProcessingInputs: [
      input("package", folderOf(model, digest)),
      ...(rival ? [input("rival", folderOf(model, rival.digest))] : []),
      input("dataset", dataset.folder),
      // Texts are in the dataset's lines, not in files.
      ...(dataset.objects?.test ? [input("test", `${dataset.folder}test.manifest`, "ManifestFile")] : []),
    ],
    ProcessingOutputConfig: {
      Outputs: [
        {
          OutputName: "evaluation",
          S3Output: {
            S3Uri: `s3://${bucket}/${evaluationFolder(model, version, job)}`,
            LocalPath: "/opt/ml/processing/output",
            S3UploadMode: "EndOfJob",
          },
        },
      ],
    },
  };
}
