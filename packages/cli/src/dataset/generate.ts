import { rm } from "node:fs/promises";
import path from "node:path";
import { Command } from "commander";
import { withCommonOptions, type CommonOptions, connectTarget } from "../target/options.ts";
import { uploadCollection } from "./upload.ts";
import { showUpload } from "./show.ts";
import { EXIT, Failure } from "../terminal/failure.ts";
import { NOTHING_WRITTEN, onInterrupt } from "../terminal/interrupt.ts";
import { printNote, printJson, createProgressBar, print } from "../terminal/output.ts";
import { createTempFolder } from "../terminal/temp-folder.ts";
import { runChild } from "../process/child.ts";
import { checkFolderEmpty, partialFolder, publishFolder } from "./output-folder.ts";
import { findModel } from "./source.ts";
import { parseSplit } from "./split.ts";

/** Enough to train each class. Images for detectors contain many boxes. */
const DEFAULT_COUNT = { "image-classification": 1_000, "text-classification": 700, "object-detection": 200 };

const MAX_COUNT = 10_000_000;

interface GenerateOptions extends CommonOptions {
  samples?: string;
  seed: string;
  conditions: string;
  out?: string;
  split?: string;
}

export const generate = withCommonOptions(
  new Command("generate")
    .description("Generate labeled sample data for an example model and import it")
    .argument("<model>")
    .option("--samples <n>", "number of samples (default: 1000 images, 700 texts, or 200 images with boxes)")
    .option("--seed <n>", "random seed; the same seed generates the same samples", "1")
    .option("--conditions <name>", "day, or night: dark and foggy images of cats or vehicles", "day")
    .option("--out <folder>", "only write to this folder; do not import")
    .option(
      "--split <shares>",
      "with --out, images with boxes: shares of train:validation:test (default: as declared)",
    ),
  [
    "npx sluice datasets generate cats",
    "npx sluice datasets generate blueprints --samples 1000 --seed 7",
    "npx sluice datasets generate vehicles --out samples",
  ],
).action(async (name: string, options: GenerateOptions) => {
  const model = (await findModel({ ...options, model: name }))!;
  const { samples = String(DEFAULT_COUNT[model.task]), seed, conditions } = options;
  checkInteger("samples", samples, 1);
  checkInteger("seed", seed, 0);
  // The generator process has another working directory.
  const out = options.out === undefined ? undefined : path.resolve(options.out);
  if (options.split !== undefined && (out === undefined || model.task !== "object-detection"))
    throw new Failure("USAGE_WRONG", "--split is only for images with boxes that are written with --out.", {
      exit: EXIT.usage,
      hint: "Remove it. `npx sluice datasets prepare MODEL --split` splits imported samples.",
    });
  const isSplit = out !== undefined && model.task === "object-detection";
  const shares = options.split === undefined ? model.dataset.split : parseSplit(options.split);
  if (out !== undefined) await checkFolderEmpty(out);
  // Fail before minutes of work if there is no target.
  const api = out === undefined ? connectTarget(options).api : undefined;
  const { folder, remove } = await createFolder(out);
  try {
    const generated = await generateSamples(
      name,
      folder,
      [
        "--count",
        samples,
        "--seed",
        seed,
        "--conditions",
        conditions,
        ...(isSplit ? ["--split", `${shares.train}:${shares.validation}:${shares.test}`] : []),
      ],
      samples,
    );
    if (!api) {
      await publishFolder(folder, out!);
      if (options.json) return printJson(generated);
      return print(`${options.out}: ${samples} samples of ${name}, seed ${seed}`);
    }
    const { openFolder: collection } = await import("@sluice/labels/format/folder.ts");
    const summary = await uploadCollection(api, collection(folder), model);
    if (options.json) return printJson(summary);
    showUpload(summary);
    printNote(`\nTrain the model: npx sluice train ${name}`);
  } finally {
    remove();
  }
});

/** With --out, the folder is renamed into place when complete. */
async function createFolder(out: string | undefined) {
  if (out === undefined)
    return createTempFolder("generate", () => "Interrupted. Nothing was imported. Run it again.");
  const folder = partialFolder(out);
  const release = onInterrupt(() => NOTHING_WRITTEN, folder);
  const clear = () => rm(folder, { recursive: true, force: true });
  await clear();
  return { folder, remove: () => void clear().finally(release) };
}

function checkInteger(name: string, text: string, min: number) {
  if (/^\d{1,8}$/.test(text) && Number(text) >= min && Number(text) <= MAX_COUNT) return;
  throw new Failure("INPUT_INVALID", `--${name}: "${text}" is not an integer from ${min} to ${MAX_COUNT}.`, {
    exit: EXIT.usage,
    hint: "Correct the option, then run the command again.",
  });
}

/** In its own process, because it blocks a core and loads packages that no other command needs. */
async function generateSamples(model: string, folder: string, options: string[], samples: string) {
  const bar = createProgressBar("generating");
  let problem = "";
  const { status, stdout } = await runChild(
    "packages/samples/src/main.ts",
    [model, folder, ...options],
    (line) => {
      const [, done] = /: (\d+) of \d+$/.exec(line) ?? [];
      if (done) bar.update(Number(done), Number(samples));
      else problem = line;
    },
  );
  bar.clear();
  if (status === 0) return JSON.parse(stdout) as object;
  throw new Failure("SAMPLE_FAILED", problem || `The generator exited with ${status}.`, {
    exit: status === 2 ? EXIT.usage : EXIT.failed,
    ...(status === 2 && {
      hint: "Samples exist for blueprints, cats, compliance, drones and vehicles, by night only for cats and vehicles.",
    }),
  });
}
