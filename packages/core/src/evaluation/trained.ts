// Registers the artifact of a completed training job as a version and starts its evaluation.
import { DescribeTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import { buckets } from "../aws/link.ts";
import { sagemaker } from "../aws/sagemaker.ts";
import { getReadyDataset } from "../dataset/read.ts";
import { db } from "../db.ts";
import { toSluiceError } from "../error/error.ts";
import { log } from "../log.ts";
import { listModels } from "../model/model.ts";
import { recordOutcome } from "../training/outcome.ts";
import { listVersions } from "../version/read.ts";
import { registerVersion } from "../version/register.ts";
import type { ModelVersion } from "../version/version.ts";
import { describeBuiltInVersion } from "./built-in.ts";
import { failEvaluation } from "./record.ts";
import { startEvaluation } from "./start.ts";

interface Run {
  name: string;
  model: string;
  dataset?: string;
}

/** Records on the run which version it produced, or why it produced none. */
export async function registerRun(run: Run, now: number): Promise<ModelVersion> {
  let version: ModelVersion | undefined;
  try {
    version = await registerArtifact(run, now);
    await recordOutcome(run.name, { version: version.version });
    if (version.status !== "evaluating" || version.evaluation !== "none") return version;
    return await startEvaluation(version, {}, now);
  } catch (thrown) {
    const { code, message, hint, retryable } = toSluiceError(thrown);
    if (retryable) throw thrown;
    if (version) await failEvaluation(version, `${message} ${hint}`, now);
    await recordOutcome(run.name, { problem: `${code}: ${message}` });
    throw thrown;
  }
}

async function registerArtifact(run: Run, now: number): Promise<ModelVersion> {
  const job = await sagemaker().send(new DescribeTrainingJobCommand({ TrainingJobName: run.name }));
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(job.ModelArtifacts?.S3ModelArtifacts ?? "") ?? [];
  const dataset = run.dataset ? await getReadyDataset(run.dataset) : undefined;
  return registerVersion(
    { bucket: bucket ?? buckets.artifacts(), key: key ?? `training/${run.name}/output/model.tar.gz` },
    {
      model: run.model,
      source: "training",
      run: run.name,
      code: job.AlgorithmSpecification?.TrainingImage,
      dataset: dataset?.id,
      datasetDigest: dataset?.digest,
      hyperparameters: job.HyperParameters,
    },
    now,
    describeBuiltInVersion(run.model, job, dataset),
  );
}

const RUNS_PER_MODEL = 5;
/** The event of a younger run is probably still on its way. */
const PATIENCE_MS = 120_000;

/** Registers completed runs whose event was lost. */
export async function registerMissedRuns(now: number): Promise<void> {
  for (const { name: model } of listModels()) {
    const { data } = await db()
      .entities.trainingRun.query.byModel({ model })
      .go({ order: "desc", limit: RUNS_PER_MODEL });
    const completed = data.filter(
      ({ status, finishedAt }) =>
        status === "Completed" && now - Date.parse(finishedAt ?? new Date(now).toISOString()) > PATIENCE_MS,
    );
    if (completed.length === 0) continue;
    const { items } = await listVersions({ model, limit: 100 });
    for (const run of completed) {
      const version = items.find((one) => one.version === run.version);
      if (version && (version.evaluation !== "none" || version.status !== "evaluating")) continue;
      await registerRun(run, now).catch((error: unknown) => {
        const { code, message } = toSluiceError(error);
        log().warn("A completed run could not be registered", {
          model,
          run: run.name,
          code,
          reason: message,
        });
      });
    }
  }
}
