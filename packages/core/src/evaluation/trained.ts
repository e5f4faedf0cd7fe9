// A completed training job's artifact becomes a version, and is evaluated.
import { DescribeTrainingJobCommand } from "@aws-sdk/client-sagemaker";
import { buckets } from "../aws/link.ts";
import { sagemaker } from "../aws/sagemaker.ts";
import { readyFromId } from "../dataset/read.ts";
import { db } from "../db.ts";
import { toSluiceError } from "../error/error.ts";
import { unjudged } from "./judge.ts";
import { evaluate } from "./start.ts";
import { log } from "../log.ts";
import { cameOf } from "../training/outcome.ts";
import * as Models from "../model/model.ts";
import { list } from "../version/read.ts";
import { builtIn } from "./built-in.ts";
import { register } from "../version/register.ts";
import type { ModelVersion } from "../version/version.ts";

interface Run {
  name: string;
  model: string;
  dataset?: string;
}

/** The run is told what came of it, or why nothing did. */
export async function fromRun(run: Run, now: number): Promise<ModelVersion> {
  let version: ModelVersion | undefined;
  try {
    version = await registered(run, now);
    await cameOf(run.name, { version: version.version });
    if (version.status !== "evaluating" || version.evaluation !== "none") return version;
    return await evaluate(version, {}, now);
  } catch (thrown) {
    const { code, message, hint, retryable } = toSluiceError(thrown);
    if (retryable) throw thrown;
    if (version) await unjudged(version, `${message} ${hint}`, now);
    await cameOf(run.name, { problem: `${code}: ${message}` });
    throw thrown;
  }
}

async function registered(run: Run, now: number): Promise<ModelVersion> {
  const job = await sagemaker().send(new DescribeTrainingJobCommand({ TrainingJobName: run.name }));
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(job.ModelArtifacts?.S3ModelArtifacts ?? "") ?? [];
  const dataset = run.dataset ? await readyFromId(run.dataset) : undefined;
  return register(
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
    builtIn(run.model, job, dataset),
  );
}

/** Completed runs looked back on, a model. */
const lookBack = 5;
const settledMs = 120_000;

/** The completed runs that nobody made a version of. */
export async function fromMissedRuns(now: number): Promise<void> {
  for (const { name: model } of Models.list()) {
    const { data } = await db()
      .entities.trainingRun.query.byModel({ model })
      .go({ order: "desc", limit: lookBack });
    const completed = data.filter(
      ({ status, finishedAt }) =>
        status === "Completed" && now - Date.parse(finishedAt ?? new Date(now).toISOString()) > settledMs,
    );
    if (completed.length === 0) continue;
    const { items } = await list({ model, limit: 100 });
    for (const run of completed) {
      const made = items.find(({ version }) => version === run.version);
      if (made && (made.evaluation !== "none" || made.status !== "evaluating")) continue;
      await fromRun(run, now).catch((error: unknown) => {
        const { code, message } = toSluiceError(error);
        log().warn("A completed run became no version", { model, run: run.name, code, reason: message });
      });
    }
  }
}
