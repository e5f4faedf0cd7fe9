// Starts the evaluation of a version. Its result decides whether the version may be deployed.
import { byName } from "@sluice/models/index.ts";
import { db } from "../db.ts";
import { SluiceError } from "../error/error.ts";
import { algorithmImage, ModelVersion } from "../version/version.ts";
import { createEvaluationJob, evaluationDataset } from "./job.ts";
import { servingVersion } from "./serving.ts";

interface Request {
  /** Default: the dataset of the version, or the model's latest for an uploaded package. */
  dataset?: string;
}

export async function startEvaluation(
  version: ModelVersion,
  request: Request,
  now: number,
): Promise<ModelVersion> {
  if (version.evaluation === "running")
    throw new SluiceError(
      "VERSION_NOT_READY",
      `Version ${version.version} of ${version.model} is already being evaluated by ${version.evaluationJob}.`,
    );
  const dataset = await evaluationDataset(version, request.dataset);
  const job = await createEvaluationJob(version, { dataset, rival: await rivalOf(version) }, now);
  const { model } = version;
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

/** The live version, when the policy compares with it: only metrics on the same items are comparable. */
async function rivalOf(version: ModelVersion): Promise<ModelVersion | undefined> {
  const { model, status } = version;
  const decided = status === "accepted" || status === "refused";
  if (decided || !byName(model)?.policy.deploy?.noWorseThanCurrent) return undefined;
  const live = await servingVersion(version);
  return live && !algorithmImage(live) ? live : undefined;
}
