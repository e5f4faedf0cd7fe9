// A package and the held-out items of a dataset to evaluation.json and predictions.jsonl.
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { type InferenceResult, type Engine } from "@sluice/inference/engine/engine.ts";
import { InferenceError } from "@sluice/inference/error.ts";
import { type Item, describe, heldOut } from "./dataset.ts";
import { loadPackage } from "./package.ts";
import { type Score, isItemsFault, scoreOf } from "./score.ts";
import type { Settings } from "./settings.ts";

const REPORTS = 20;

type Log = (line: string) => void;

/** Figures of the package, and of the one that serves today when it is given too: on the same items. */
export async function evaluate(settings: Settings, log: Log): Promise<void> {
  await measure(settings, { figures: "evaluation.json", answers: "predictions.jsonl" }, log);
  if (!existsSync(settings.rival)) return;
  try {
    await measure(
      { ...settings, package: settings.rival, version: settings.rivalVersion },
      { figures: "rival.json" },
      log,
    );
  } catch (error) {
    // That it cannot be measured on these items is no fault of the package that is judged.
    if (!(error instanceof InferenceError)) throw error;
    log(`the serving package was not measured: ${error.code}: ${error.message}`);
  }
}

async function measure(
  settings: Settings,
  names: { figures: string; answers?: string },
  log: Log,
): Promise<void> {
  const scratch = await mkdtemp(path.join(tmpdir(), "sluice-evaluate-"));
  try {
    const description = await describe(settings.dataset);
    const { count, items } = await heldOut(settings.dataset, description.seed, settings.samples);
    const { engine, manifest, workers } = await loadPackage(settings.package, scratch, settings.threads);
    const version = settings.version ?? manifest.version;
    log(`model=${manifest.model}; version=${version}; task=${manifest.task}; samples=${count};`);
    try {
      const score = scoreOf(manifest, description.classes, settings.threshold);
      const walk = walkOf({ engine, score, files: settings.files, count, log });
      await mkdir(settings.output, { recursive: true });
      await pipeline(
        walk.lines(inOrder(items, 2 * workers, walk.ask)),
        names.answers ? createWriteStream(path.join(settings.output, names.answers)) : nowhere,
      );
      const { samples, unreadable, latencyMs } = walk.finish();
      const evaluation = {
        task: manifest.task,
        model: manifest.model,
        version,
        ...(description.id && { dataset: description.id }),
        ...(description.digest && { datasetDigest: description.digest }),
        samples,
        unreadable,
        ...score.finish(),
        latencyMs,
      };
      const text = `${JSON.stringify(evaluation, null, 2)}\n`;
      await writeFile(path.join(settings.output, names.figures), text);
      log(`final; ${summaryOf(evaluation)}`);
    } finally {
      await engine.close();
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function nowhere(lines: AsyncIterable<unknown>) {
  for await (const _ of lines);
}

interface Asked {
  item: Item;
  answer?: InferenceResult;
  /** Why there is no answer, through the item's own fault. */
  reason?: string;
  /** What ends the evaluation. */
  failed?: unknown;
}

interface Walk {
  engine: Engine;
  score: Score;
  files: string;
  count: number;
  log: Log;
}

function walkOf({ engine, score, files, count, log }: Walk) {
  const unreadable: { file: string; reason: string }[] = [];
  const latencies: number[] = [];
  let done = 0;
  return {
    /** Never rejects: several are under way at once, and the first failure must find its reader. */
    async ask(item: Item): Promise<Asked> {
      try {
        const reason = score.unfit(item);
        if (reason) return { item, reason };
        return { item, answer: await engine.predict(item.text ?? (await fileOf(files, item.file))) };
      } catch (error) {
        return isItemsFault(error) ? { item, reason: (error as Error).message } : { item, failed: error };
      }
    },
    async *lines(asked: AsyncIterable<Asked>): AsyncGenerator<string> {
      const every = Math.max(1, Math.ceil(count / REPORTS));
      for await (const { item, answer, reason, failed } of asked) {
        if (failed) throw failed;
        if (reason) unreadable.push({ file: item.file, reason });
        if (answer) {
          latencies.push(answer.timing.totalMs);
          yield `${JSON.stringify({ file: item.file, ...score.add(item, answer), ms: answer.timing.totalMs })}\n`;
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
          "See that the dataset fits the model and that its files still exist.",
        );
      const sorted = latencies.toSorted((one, other) => one - other);
      const quantile = (share: number) => sorted[Math.ceil(share * sorted.length) - 1]!;
      return {
        samples: latencies.length,
        unreadable,
        latencyMs: { p50: quantile(0.5), p95: quantile(0.95) },
      };
    },
  };
}

async function fileOf(files: string, name: string): Promise<Buffer> {
  const file = path.resolve(files, name);
  if (!file.startsWith(path.resolve(files) + path.sep))
    throw new InferenceError(
      "REQUEST_INVALID",
      422,
      `The dataset names '${name}', which lies outside its files.`,
      "Prepare the dataset again.",
    );
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
    throw new InferenceError("NOT_FOUND", 404, "The file is missing.", "Prepare the dataset again.", error);
  });
}

/** `width` at work at once, results in the order of the items: equal inputs give equal files. */
async function* inOrder<From, To>(
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

/** In the form that metric definitions read. */
function summaryOf(evaluation: object): string {
  const { accuracy, macroF1, meanAveragePrecision } = evaluation as Record<string, unknown>;
  const { at50, at50to95 } = (meanAveragePrecision ?? {}) as Record<string, unknown>;
  return Object.entries({ accuracy, macroF1, mAP50: at50, mAP50to95: at50to95 })
    .filter(([, value]) => typeof value === "number")
    .map(([name, value]) => `evaluation:${name}=${(value as number).toFixed(4)};`)
    .join(" ");
}
