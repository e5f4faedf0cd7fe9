// The demo of the first start: deploys the sample models, predicts files that their training did not contain, and
// evaluates the models on others. If a start is killed, the next one completes it.
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { paginateListObjectsV2, S3Client } from "@aws-sdk/client-s3";
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { trainedArchive } from "@sluice/samples/trained.ts";
import { followDeployment } from "../deployment/follow.ts";
import { formatSummary } from "../prediction/format.ts";
import { type Client, readBody } from "../target/client.ts";
import type { LocalState } from "../target/local-state.ts";
import { paint, printNote, STATUS_STYLE, table } from "../terminal/output.ts";
import { uploadFile } from "../upload/upload.ts";
import { uploadModel } from "../version/upload.ts";
import {
  QUICK_MODELS,
  recordPredicted,
  sampleFiles,
  SAMPLE_MODELS,
  type SampleFile,
  trainPackage,
} from "./package.ts";

const POLL_MS = 250;
const PREDICTION_TIMEOUT_MS = 60_000;

interface SampleResult extends SampleFile {
  key: string;
  prediction: Prediction | undefined;
}

/** Deploys each sample model that has no endpoint in service; with `train`, trains its package first. */
export async function deploySamples(api: Client, dir: string, train: boolean): Promise<void> {
  const { items } = await readBody(api.models.$get());
  const inService = (model: string) =>
    items.some(({ name, endpoint }) => name === model && endpoint.status === "InService");
  const models = train ? QUICK_MODELS : SAMPLE_MODELS;
  const missing = models.filter((model) => !inService(model));
  await mapConcurrently(missing, async (model) => {
    const archive = train
      ? await trainPackage(dir, model, createTrainingReporter(model))
      : trainedArchive(model);
    const { version } = await uploadModel(api, model, archive);
    const { endpoint, deployment } = await readBody(api.deployments.$post({ json: { model, version } }));
    if (!deployment) return;
    await followDeployment(api, deployment, { quiet: true });
    printNote(`${paint("green", "✓")} ${model} is live on ${endpoint}`);
  });
}

/** Does not upload a sample again that an earlier start has uploaded. */
export async function predictSamples(
  api: Client,
  { uploads }: LocalState["buckets"],
  dir: string,
  printTable: (table: string) => void,
): Promise<void> {
  const { items } = await readBody(api.models.$get());
  const deployed = items.filter(
    ({ name, endpoint }) => SAMPLE_MODELS.includes(name) && endpoint.status === "InService",
  );
  const files = (await mapConcurrently(deployed, ({ name }) => sampleFiles(dir, name))).flat();
  const findUploaded = await listUploaded(uploads);
  const results = await mapConcurrently(files, async (sample): Promise<SampleResult> => {
    const key = findUploaded(sample) ?? (await uploadFile(api, sample.file, sample)).key;
    return { ...sample, key, prediction: await waitForPrediction(api, sample.model, key) };
  });
  if (results.every(({ prediction }) => prediction))
    await recordPredicted(
      dir,
      results.map(({ key }) => key),
    );
  printTable(
    table(results, [
      { title: "model", value: (row) => row.model },
      { title: "file", value: (row) => path.basename(row.file) },
      { title: "true class", value: (row) => row.truth },
      {
        title: "status",
        value: (row) => row.prediction?.status ?? "waiting",
        style: (row) => STATUS_STYLE[row.prediction?.status ?? "pending"],
      },
      { title: "result", value: (row) => (row.prediction ? formatSummary(row.prediction) : "") },
      { title: "ms", value: (row) => row.prediction?.timings?.totalMs ?? 0 },
    ]),
  );
}

async function listUploaded(bucket: string) {
  const s3 = new S3Client({ forcePathStyle: true });
  const keys: string[] = [];
  try {
    for (const model of SAMPLE_MODELS) {
      const query = { Bucket: bucket, Prefix: `uploads/${model}/` };
      for await (const page of paginateListObjectsV2({ client: s3 }, query))
        keys.push(...(page.Contents ?? []).map(({ Key }) => Key!));
    }
  } finally {
    s3.destroy();
  }
  return ({ model, file }: SampleFile) =>
    keys.find((key) => key.startsWith(`uploads/${model}/`) && key.endsWith(`-${path.basename(file)}`));
}

/** Undefined after a minute without a result. */
export async function waitForPrediction(
  api: Client,
  model: string,
  key: string,
): Promise<Prediction | undefined> {
  const end = Date.now() + PREDICTION_TIMEOUT_MS;
  while (Date.now() < end) {
    const { items } = await readBody(api.predictions.$get({ query: { model, limit: "50" } }));
    const found = items.find(({ source }) => source.key === key);
    if (found && found.status !== "pending" && found.status !== "processing") return found;
    await wait(POLL_MS);
  }
  return undefined;
}

const mapConcurrently = <T, R>(items: readonly T[], work: (item: T) => Promise<R>) =>
  Promise.all(items.map(work));

/** Prints the log lines of a sample training as progress. */
function createTrainingReporter(model: string) {
  let started = false;
  return (line: string) => {
    if (!started) printNote(`  training ${model} on generated samples ...`);
    started = true;
    const [, loss, accuracy] = /train:loss=([\d.]+).*validation:accuracy=([\d.]+)/.exec(line) ?? [];
    if (accuracy && line.startsWith("final")) return;
    if (loss && process.stderr.isTTY)
      process.stderr.write(`\r\u001b[K  ${model}: loss ${loss}, accuracy ${accuracy}\r`);
    if (line.startsWith("final"))
      printNote(
        `${process.stderr.isTTY ? "\u001b[K" : ""}${paint("green", "✓")} ${model} trained: ${line.replace(/^final; /, "")}`,
      );
  };
}
