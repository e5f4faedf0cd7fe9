// The story of drift, on a separate cloud: images turn to night, the monitor reports it, people (here the generator)
// answer the reviews, a retraining starts by rule, and the new version is deployed.
import { rm } from "node:fs/promises";
import path from "node:path";
import type { DriftReport } from "@sluice/core/monitor/report.ts";
import type { Prediction } from "@sluice/core/prediction/prediction.ts";
import { trainedArchive } from "@sluice/samples/trained.ts";
import { followDeployment } from "../deployment/follow.ts";
import { runChild } from "../process/child.ts";
import { type Client, readBody } from "../target/client.ts";
import { readPages } from "../target/list.ts";
import { poll } from "../target/poll.ts";
import { createTempFolder } from "../terminal/temp-folder.ts";
import { Failure } from "../terminal/failure.ts";
import { followRun } from "../training/follow.ts";
import { waitForPolicyDeployment, waitForVersion } from "../training/version.ts";
import { evaluationLine, waitForEvaluation } from "../version/evaluation.ts";
import { uploadModel } from "../version/upload.ts";
import { measureAccuracy, type Truth, uploadStream, waitForPredictions } from "./stream.ts";

const POLL_MS = 500;
const CONCURRENT_REVIEWS = 16;
/** Beyond the indices that training and the first start use. */
const FROM = { heldOut: 300_000, day: 310_000, night: 320_000, later: 330_000 };
/** Fewer than the labels that start a retraining. */
const HELD_OUT = 195;
const MAX = String(Number.MAX_SAFE_INTEGER);

export interface DriftOptions {
  model: string;
  /** Images of the stream by day, and again at night. */
  samples: number;
  dir: string;
  print(line: string): void;
}

export interface DriftSummary {
  model: string;
  versions: { before: string; after: string };
  /** Shares of true classes, by the generator. */
  accuracy: { day: number; night: number; afterRetraining: number };
  report: DriftReport;
  reviews: number;
  training: string;
}

export async function runDriftDemo(api: Client, options: DriftOptions): Promise<DriftSummary> {
  const { model, samples, print } = options;
  const files = await createTempFolder("demo");
  try {
    const generate = generator(model, files.folder);
    print("1. Deploy the trained model, and evaluate it on images by day. The evaluation is the baseline.");
    const before = await deployTrained(api, options, await generate("heldOut", HELD_OUT));
    print(`   ${evaluationLine(before)}`);

    print(`2. ${samples} images by day`);
    const day = await predictAll(api, model, await generate("day", samples));
    print(`   ${describeStream(day)}`);
    print(`   monitor: ${describeReport(await runMonitor(api, model))}`);

    print(`3. ${samples} images at night and in fog`);
    const night = await predictAll(api, model, await generate("night", samples));
    print(`   ${describeStream(night)}`);
    const report = await runMonitor(api, model);
    print(`   monitor: ${describeReport(report)}`);
    if (report.status !== "drift")
      throw new Failure("DEMO_FAILED", `The monitor did not report drift: ${report.reason}`);

    print("4. Answer the open reviews with the true classes, which the generator knows");
    const reviews = await answerReviews(api, model, new Map([...day.truth, ...night.truth]));
    print(`   ${reviews} reviews resolved; each is a label now`);

    print("5. The hourly check, done now: the model's rule decides about a retraining");
    const { run: name, explanation } = await checkRetraining(api, model);
    print(`   ${explanation}`);
    const run = await followRun(api, name, (line) => print(` ${line}`));
    const after = await waitForVersion(api, run);
    print(`   ${evaluationLine(after)}`);
    if (!(await waitForPolicyDeployment(api, after, true)))
      throw new Failure("DEMO_FAILED", `Version ${after.version} was not deployed: ${after.reason}`);

    print(`6. ${samples} more images at night, for the new version`);
    const later = await predictAll(api, model, await generate("later", samples));
    print(`   ${describeStream(later)}`);
    return {
      model,
      versions: { before: before.version, after: after.version },
      accuracy: { day: day.accuracy, night: night.accuracy, afterRetraining: later.accuracy },
      report,
      reviews,
      training: name,
    };
  } finally {
    files.remove();
  }
}

type Part = keyof typeof FROM;

/** Writes the images of a part of the story, and returns their folder. */
const generator = (model: string, folder: string) => async (part: Part, count: number) => {
  const target = path.join(folder, part);
  const conditions = part === "night" || part === "later" ? "night" : "day";
  const range = ["--count", String(count), "--from", String(FROM[part]), "--conditions", conditions];
  const { status, lastLine } = await runChild("packages/samples/src/main.ts", [model, target, ...range]);
  if (status === 0) return target;
  throw new Failure("SAMPLE_FAILED", lastLine, {
    hint: "Run `npx sluice datasets generate vehicles --out FOLDER --samples 1` to find the cause.",
  });
};

async function deployTrained(api: Client, { model, dir }: DriftOptions, heldOut: string) {
  const { version } = await uploadModel(api, model, trainedArchive(model));
  const { deployment } = await readBody(api.deployments.$post({ json: { model, version } }));
  if (deployment) await followDeployment(api, deployment, { quiet: true });
  await sluice(["datasets", "import", heldOut, "--model", model, "--dir", dir]);
  await sluice(["datasets", "prepare", model, "--split", "0.4:0.1:0.5", "--dir", dir]);
  await sluice(["evaluate", model, "--dir", dir]);
  await rm(heldOut, { recursive: true });
  return waitForEvaluation(api, { model, version });
}

async function sluice(words: string[]): Promise<void> {
  const { status, lastLine } = await runChild("packages/cli/src/main.ts", words);
  if (status !== 0) throw new Failure("DEMO_FAILED", `sluice ${words.join(" ")}: ${lastLine}`);
}

interface Stream {
  truth: Truth;
  predictions: Prediction[];
  accuracy: number;
}

async function predictAll(api: Client, model: string, folder: string): Promise<Stream> {
  const truth = await uploadStream(api, model, folder);
  const predictions = await waitForPredictions(api, model, truth);
  return { truth, predictions, accuracy: measureAccuracy(predictions, truth) };
}

function describeStream({ predictions, accuracy }: Stream): string {
  const below = predictions.filter(({ status }) => status === "rejected").length;
  return `${formatPercent(accuracy)} right, ${below} below threshold and in review`;
}

/** A large window needs several requests. */
const runMonitor = (api: Client, model: string): Promise<DriftReport> =>
  poll(async () => {
    const done = await readBody(api.monitoring[":model"].runs.$post({ param: { model } }));
    return "findings" in done ? done : undefined;
  }, POLL_MS);

function describeReport({ status, reason, findings, harm }: DriftReport): string {
  const changed = findings.filter(({ drifted }) => drifted).map(({ name }) => name);
  const estimate = harm && `; estimated ${harm.metric} ${formatPercent(harm.estimated)}`;
  return changed.length === 0
    ? `${status}: ${reason}`
    : `${status} of ${changed.join(", ")}${estimate ?? ""}`;
}

/** Returns the number of resolved reviews. */
async function answerReviews(api: Client, model: string, truth: Truth): Promise<number> {
  const { items } = await readPages<Prediction>({ limit: MAX }, 200, (page) =>
    readBody(api.reviews.$get({ query: { model, ...page } })),
  );
  const known = items.filter(({ source }) => truth.has(source.key));
  const next = known.values();
  const answer = async () => {
    for (const { id, source } of next)
      await readBody(
        api.reviews[":id"].verdict.$put({ param: { id }, json: { label: truth.get(source.key)! } }),
      );
  };
  await Promise.all(Array.from({ length: CONCURRENT_REVIEWS }, answer));
  return known.length;
}

async function checkRetraining(api: Client, model: string) {
  const { act, explanation, run } = await readBody(api.models[":model"].retrain.$post({ param: { model } }));
  if (act && run !== undefined) return { run, explanation };
  throw new Failure("DEMO_FAILED", `No retraining was started: ${explanation}`);
}

export const formatPercent = (share: number) => `${(share * 100).toFixed(1)} %`;
