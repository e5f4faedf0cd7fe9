// An evaluation is a processing job: the serving image, with the package and the held-out items, in place of an endpoint.
import {
  CreateProcessingJobCommand,
  type CreateProcessingJobCommandInput,
  type ProcessingInput,
} from "@aws-sdk/client-sagemaker";
import { byName } from "@sluice/models/index.ts";
import { jobName } from "@sluice/models/names.ts";
import { app, buckets, linked } from "../aws/link.ts";
import { sagemaker } from "../aws/sagemaker.ts";
import { latestReady, readyFromId } from "../dataset/read.ts";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { volumeFor } from "../training/volume.ts";
import { folderOf } from "../version/package.ts";
import { ModelVersion, ownImage } from "../version/version.ts";
import { serving } from "./serving.ts";

const instance = "ml.m5.large";
const maxSeconds = 4 * 3_600;

interface Wish {
  /** Its own without it, or the model's latest for one that was brought. */
  dataset?: string;
  /** At most so many of the held-out items. */
  samples?: number;
}

/** One a job: what an earlier evaluation found is not overwritten by one that may fail. */
export const evaluationFolder = (model: string, version: string, job: string) =>
  `evaluations/${model}/${version}/${job}/`;

export async function evaluate(version: ModelVersion, wish: Wish, now: number): Promise<ModelVersion> {
  if (version.evaluation === "running")
    throw new SluiceError(
      "VERSION_NOT_READY",
      `Version ${version.version} of ${version.model} is being evaluated already, by ${version.evaluationJob}.`,
    );
  if (ownImage(version))
    throw new SluiceError(
      "EVALUATION_MISSING",
      `Version ${version.version} of ${version.model} is served by its algorithm's own image, which evaluates nothing.`,
      { hint: "Its algorithm's accuracy on the validation split stands; `sluice versions show` has it." },
    );
  const dataset = await datasetFor(version, wish.dataset);
  const { model } = version;
  const rival = await rivalOf(version);
  const { name, stage } = app();
  const place = { app: name, stage };
  const job = jobName(place, model, "evaluate", `${version.version}${now.toString(36)}`);
  await sagemaker().send(
    new CreateProcessingJobCommand({
      ProcessingJobName: job,
      RoleArn: linked("Hosting", "evaluationRoleArn"),
      AppSpecification: { ImageUri: linked("Hosting", "serveImage"), ContainerEntrypoint: ["evaluate"] },
      Environment: {
        SLUICE_MODEL: model,
        SLUICE_VERSION: version.version,
        ...(rival && { SLUICE_RIVAL: rival.version }),
        ...(wish.samples && { SAMPLES: String(wish.samples) }),
      },
      ...channels(version, dataset, rival, job),
      ProcessingResources: {
        ClusterConfig: {
          InstanceCount: 1,
          InstanceType: instance,
          VolumeSizeInGB: volumeFor(dataset.bytes?.test ?? 0),
        },
      },
      StoppingCondition: { MaxRuntimeInSeconds: maxSeconds },
      Tags: [
        { Key: "sluice:app", Value: name },
        { Key: "sluice:stage", Value: stage },
        { Key: "sluice:model", Value: model },
      ],
    }),
  );
  const { data } = await db()
    .entities.modelVersion.patch({ model, version: version.version })
    .set({
      evaluation: "running",
      evaluationJob: job,
      evaluationDataset: dataset.id,
      createdAt: version.createdAt,
      changedAt: new Date(now).toISOString(),
    })
    .go({ response: "all_new" });
  return ModelVersion.parse(data);
}

/** What serves, where the policy asks for nothing worse: only figures on the same items can be compared. */
async function rivalOf(version: ModelVersion): Promise<ModelVersion | undefined> {
  const { model, status } = version;
  const decided = status === "accepted" || status === "refused";
  if (decided || !byName(model)?.policy.deploy?.noWorseThanCurrent) return undefined;
  const current = await serving(version);
  return current && !ownImage(current) ? current : undefined;
}

async function datasetFor({ model, version, dataset }: ModelVersion, wanted: string | undefined) {
  const id = wanted ?? dataset ?? (await latestReady(model))?.id;
  if (!id)
    throw new SluiceError("EVALUATION_MISSING", `${model} has no dataset to judge version ${version} by.`, {
      hint: `Label held-out data and prepare it: sluice dataset prepare ${model}`,
    });
  const found = await readyFromId(id);
  if (found.model !== model)
    throw new SluiceError("INPUT_INVALID", `dataset: ${id} is ${found.model}'s, not ${model}'s.`);
  if (found.items?.test) return found;
  throw new SluiceError("EVALUATION_MISSING", `The dataset ${id} holds nothing back for testing.`, {
    hint: "Prepare one whose split has a share for test.",
  });
}

type Dataset = Awaited<ReturnType<typeof readyFromId>>;
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
      // Items that are texts stand in the lines themselves.
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
