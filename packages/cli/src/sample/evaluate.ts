// Evaluates the sample models on generated samples that no training contained, by the commands that a user would run.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { ModelVersion } from "@sluice/core/version/version.ts";
import { runChild } from "../process/child.ts";
import { readBody, type Client } from "../target/client.ts";
import { paint, printNote } from "../terminal/output.ts";
import { evaluationLine, getVersion } from "../version/evaluation.ts";
import { SAMPLE_MODELS, writeSampleFiles } from "./package.ts";

/** Index of the first sample, beyond those of training and of the demo. */
const EVALUATION_FROM = 200_000;
const COUNT = { "image-classification": 70, "text-classification": 70, "object-detection": 25 };
/** Most of the samples are held out for the evaluation. */
const SPLIT = "0.1:0.1:0.8";

/** Models with a dataset are left alone: their versions are evaluated by their trainings, or by the user. */
export async function evaluateSamples(api: Client, dir: string): Promise<void> {
  const { items } = await readBody(api.models.$get());
  for (const { name, task } of items) {
    if (!SAMPLE_MODELS.includes(name)) continue;
    const version = await getVersion(api, { model: name, version: "latest" });
    if (version.source !== "uploaded" || version.evaluation !== undefined) continue;
    const { items: datasets } = await readBody(api.datasets.$get({ query: { model: name, limit: "1" } }));
    if (datasets.length > 0) continue;
    printNote(evaluationNote(await evaluateSample(dir, name, COUNT[task]), name));
  }
}

async function evaluateSample(dir: string, model: string, count: number): Promise<ModelVersion> {
  const folder = await mkdtemp(path.join(tmpdir(), "sluice-evaluate-"));
  const run = async (...words: string[]) => {
    const { status, stdout, lastLine } = await runChild("packages/cli/src/main.ts", [
      ...words,
      "--json",
      "--dir",
      dir,
    ]);
    if (status !== 0) throw new Error(`sluice ${words.join(" ")}: ${lastLine}`);
    return stdout;
  };
  try {
    await writeSampleFiles(model, folder, { count, from: EVALUATION_FROM });
    await run("datasets", "import", folder, "--model", model);
    await run("datasets", "prepare", model, "--split", SPLIT);
    return JSON.parse(await run("evaluate", model)) as ModelVersion;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const evaluationNote = (version: ModelVersion, model: string) =>
  `${paint("green", "✓")} ${model} ${evaluationLine(version)}`;
