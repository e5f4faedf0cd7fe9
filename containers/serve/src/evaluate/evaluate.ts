// Evaluates a package on the held-out items of a dataset: writes evaluation.json, predictions.jsonl and baseline.json.
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { type InferenceResult, type Engine } from "@sluice/inference/engine/engine.ts";
import { InferenceError } from "@sluice/inference/error.ts";
import { createBaseline } from "./baseline.ts";
import { type Item, readDescription, readHeldOut } from "./dataset.ts";
import { loadPackage } from "./package.ts";
import { type Score, createScore, isUserError } from "./score.ts";
import type { Settings } from "./settings.ts";

const REPORTS = 20;

type Log = (line: string) => void;

/** Also evaluates the package that serves now, if the job has it, on the same items. */
export async function evaluate(settings: Settings, log: Log): Promise<void> {
  await evaluatePackage(
    settings,
    { metrics: "evaluation.json", predictions: "predictions.jsonl", baseline: "baseline.json" },
    log,
  );
  if (!existsSync(settings.rival)) return;
  try {
    await evaluatePackage(
      { ...settings, package: settings.rival, version: settings.rivalVersion },
      { metrics: "rival.json" },
      log,
    );
  } catch (error) {
    // An error of the serving package must not fail the evaluation of the new one.
    if (!(error instanceof InferenceError)) throw error;
    log(`the serving package was not evaluated: ${error.code}: ${error.message}`);
  }
}

async function evaluatePackage(
  settings: Settings,
  files: { metrics: string; predictions?: string; baseline?: string },
  log: Log,
): Promise<void> {
  const scratch = await mkdtemp(path.join(tmpdir(), "sluice-evaluate-"));
  try {
    const description = await readDescription(settings.dataset);
    const { count, items } = await readHeldOut(settings.dataset, description.seed, settings.samples);
    const { engine, manifest, workers } = await loadPackage(settings.package, scratch, settings.threads);
    const version = settings.version ?? manifest.version;
    log(`model=${manifest.model}; version=${version}; task=${manifest.task}; samples=${count};`);
    try {
      const score = createScore(manifest, description.classes, settings.threshold);
      const reviewed = createScore(manifest, description.classes, settings.threshold);
      const { threshold } = settings;
      const baseline = createBaseline({ manifest, version, count, threshold });
      const evaluator = createEvaluator({
        engine,
        score,
        reviewed,
        baseline,
        files: settings.files,
        count,
        log,
      });
      await mkdir(settings.output, { recursive: true });
      await pipeline(
        evaluator.lines(mapInOrder(items, 2 * workers, evaluator.predict)),
        files.predictions ? createWriteStream(path.join(settings.output, files.predictions)) : discard,
      );
      const { samples, reviewedSamples, unreadable, latencyMs } = evaluator.finish();
      const scores = score.finish();
      const measured = baseline.finish(scores);
      const evaluation = {
        task: manifest.task,
        model: manifest.model,
        version,
        ...(description.id && { dataset: description.id }),
        ...(description.digest && { datasetDigest: description.digest }),
        samples,
        unreadable,
        ...scores,
        ...(scores.calibration && {
          calibration: { ...scores.calibration, temperature: measured.temperature },
        }),
        ...(reviewedSamples > 0 && { reviewed: { samples: reviewedSamples, ...reviewed.finish() } }),
        latencyMs,
      };
      const text = `${JSON.stringify(evaluation, null, 2)}\n`;
      await writeFile(path.join(settings.output, files.metrics), text);
      if (files.baseline)
        await writeFile(path.join(settings.output, files.baseline), `${JSON.stringify(measured)}\n`);
      log(`final; ${metricsLine(evaluation)}`);
    } finally {
      await engine.close();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function discard(lines: AsyncIterable<unknown>) {
  for await (const _ of lines);
}

type Outcome =
  | { kind: "result"; item: Item; result: InferenceResult }
  /** The item cannot be evaluated. */
  | { kind: "skipped"; item: Item; reason: string }
  /** Ends the evaluation. */
  | { kind: "failed"; error: unknown };

interface EvaluatorOptions {
  engine: Engine;
  score: Score;
  reviewed: Score;
  baseline: { add(item: Item, result: InferenceResult): void };
  files: string;
  count: number;
  log: Log;
}

function createEvaluator({ engine, score, reviewed, baseline, files, count, log }: EvaluatorOptions) {
  const unreadable: { file: string; reason: string }[] = [];
  const latencies: number[] = [];
  let done = 0;
  let reviewedSamples = 0;
  return {
    /** Never rejects: several run at once, and when one fails the others are not awaited. */
    async predict(item: Item): Promise<Outcome> {
      try {
        const reason = score.problemOf(item);
        if (reason) return { kind: "skipped", item, reason };
        const input = item.text ?? (await readItemFile(files, item.file));
        return { kind: "result", item, result: await engine.predict(input) };
      } catch (error) {
        return isUserError(error)
          ? { kind: "skipped", item, reason: error.message }
          : { kind: "failed", error };
      }
    },
    async *lines(outcomes: AsyncIterable<Outcome>): AsyncGenerator<string> {
      const every = Math.max(1, Math.ceil(count / REPORTS));
      for await (const outcome of outcomes) {
        if (outcome.kind === "failed") throw outcome.error;
        const { file } = outcome.item;
        if (outcome.kind === "skipped") unreadable.push({ file, reason: outcome.reason });
        else {
          const { item, result } = outcome;
          const ms = result.timing.totalMs;
          latencies.push(ms);
          baseline.add(item, result);
          if (item.reviewed) {
            reviewed.add(item, result);
            reviewedSamples++;
          }
          yield `${JSON.stringify({ file, ...score.add(item, result), ms })}\n`;
        }
        if (++done % every === 0 || done === count) log(`evaluated=${done}; of=${count};`);
      }
    },
    finish() {
      for (const { file, reason } of unreadable) log(`skipped ${file}: ${reason}`);
      if (latencies.length === 0)
        throw new InferenceError(
          "REQUEST_INVALID",
          422,
          `None of the ${count} held-out items could be evaluated. The first: ${unreadable[0]?.file}: ${unreadable[0]?.reason}`,
          "Check that the dataset fits the model and that its files exist.",
        );
      const sorted = latencies.toSorted((one, other) => one - other);
      const quantile = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]!;
      return {
        samples: latencies.length,
        reviewedSamples,
        unreadable,
        latencyMs: { p50: quantile(0.5), p95: quantile(0.95) },
      };
    },
  };
}

async function readItemFile(files: string, name: string): Promise<Buffer> {
  const file = path.resolve(files, name);
  if (!file.startsWith(path.resolve(files) + path.sep))
    throw new InferenceError(
      "REQUEST_INVALID",
      422,
      `The dataset names '${name}', which is outside its files.`,
      "Prepare the dataset again.",
    );
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    throw new InferenceError("NOT_FOUND", 404, "The file is missing.", "Prepare the dataset again.", error);
  });
}

/** Runs `width` tasks at once, and yields their results in the order of the items. */
async function* mapInOrder<From, To>(
  items: AsyncIterable<From> | Iterable<From>,
  width: number,
  work: (item: From) => Promise<To>,
): AsyncGenerator<To> {
  const window: Promise<To>[] = [];
  for await (const item of items) {
    window.push(work(item));
    if (window.length >= width) yield await window.shift()!;
  }
  while (window.length > 0) yield await window.shift()!;
}

/** In the format of SageMaker's metric definitions. */
function metricsLine(evaluation: object): string {
  const { accuracy, macroF1, meanAveragePrecision } = evaluation as Record<string, unknown>;
  const { at50, at50to95 } = (meanAveragePrecision ?? {}) as Record<string, unknown>;
  return Object.entries({ accuracy, macroF1, mAP50: at50, mAP50to95: at50to95 })
    .filter(([, value]) => typeof value === "number")
    .map(([name, value]) => `evaluation:${name}=${(value as number).toFixed(4)};`)
    .join(" ");
}
