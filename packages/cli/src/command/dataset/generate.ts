import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import path from "node:path";
import { Command } from "commander";
import { common, type CommonOptions, open } from "../../common.ts";
import { bringCollection } from "../../dataset/bring.ts";
import { showBrought } from "../../dataset/show.ts";
import { EXIT, Failure } from "../../failure.ts";
import { NOTHING_WRITTEN, onInterrupt } from "../../interrupt.ts";
import { note, printJson, progressOf, say } from "../../output.ts";
import { scratch } from "../../scratch.ts";
import { root } from "../../target.ts";
import { demandEmpty, partOf, putInPlace } from "./output-folder.ts";
import { modelOf } from "./source.ts";

/** Enough to learn a class from; plans and skies hold many boxes each. */
const ENOUGH = { "image-classification": 1_000, "text-classification": 700, "object-detection": 200 };

const MOST = 10_000_000;

interface GenerateOptions extends CommonOptions {
  images?: string;
  seed: string;
  out?: string;
}

export const generate = common(
  new Command("generate")
    .description(
      "Draw sample data of an example model with its true labels, and bring it into the model's data",
    )
    .argument("<model>")
    .option("--images <n>", "how many; 1000 pictures, 700 texts or 200 with boxes without it")
    .option("--seed <n>", "the same seed draws the same", "1")
    .option("--out <folder>", "only into this folder; nothing is sent"),
  [
    "sluice dataset generate cats",
    "sluice dataset generate blueprints --images 1000 --seed 7",
    "sluice dataset generate vehicles --out samples",
  ],
).action(async (name: string, options: GenerateOptions) => {
  const model = (await modelOf({ ...options, model: name }))!;
  const { images = String(ENOUGH[model.task]), seed } = options;
  demandWhole("images", images, 1);
  demandWhole("seed", seed, 0);
  // The child that draws stands elsewhere.
  const out = options.out === undefined ? undefined : path.resolve(options.out);
  if (out !== undefined) await demandEmpty(out);
  // Asked before minutes of drawing: without a Sluice to speak to they would be lost.
  const api = out === undefined ? open(options).api : undefined;
  const own = await drawnInto(out);
  const { folder } = own;
  try {
    const drawn = await draw(name, folder, { images, seed });
    if (!api) {
      await putInPlace(folder, out!);
      if (options.json) return printJson(drawn);
      return say(`${options.out}: ${images} samples of ${name}, seed ${seed}`);
    }
    const { folder: collection } = await import("@sluice/labels/format/folder.ts");
    const brought = await bringCollection(api, collection(folder), { model: name, classes: model.classes });
    if (options.json) return printJson(brought);
    showBrought(brought);
    note(`\nTrain with them: npx sluice train ${name}`);
  } finally {
    own.done();
  }
});

/** Under its own name only when whole. */
async function drawnInto(out: string | undefined) {
  if (out === undefined)
    return scratch("generate", () => "Broken off while drawing: nothing was sent. Run it again.");
  const folder = partOf(out);
  const over = onInterrupt(() => NOTHING_WRITTEN, folder);
  const remove = () => rm(folder, { recursive: true, force: true });
  await remove();
  return { folder, done: () => void remove().finally(over) };
}

function demandWhole(name: string, text: string, least: number) {
  if (/^\d{1,8}$/.test(text) && Number(text) >= least && Number(text) <= MOST) return;
  throw new Failure("INPUT_INVALID", `--${name}: "${text}" is no whole number from ${least} to ${MOST}.`, {
    exit: EXIT.usage,
    hint: "Correct the option and run the command again.",
  });
}

/** In a process of its own: drawing keeps a core busy, and needs what no other command does. */
async function draw(model: string, folder: string, { images, seed }: { images: string; seed: string }) {
  const program = path.join(root, "packages/samples/src/main.ts");
  const child = spawn(process.execPath, [program, model, folder, "--count", images, "--seed", seed], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const end = () => void child.kill("SIGKILL");
  // Before what it has drawn is cleared away.
  process.prependOnceListener("exit", end);
  const bar = progressOf("drawing");
  let [last, printed] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    for (const line of text.split("\n").filter(Boolean)) {
      const [, done] = /: (\d+) of \d+$/.exec(line) ?? [];
      if (done) bar.at(Number(done), Number(images));
      else last = line;
    }
  });
  const [code] = (await once(child, "close")) as [number | null];
  process.off("exit", end);
  bar.end();
  if (code === 0) return JSON.parse(printed) as object;
  throw new Failure("SAMPLE_FAILED", last || `Drawing ended with ${code}.`, {
    exit: code === 2 ? EXIT.usage : EXIT.failed,
    ...(code === 2 && { hint: "Samples are drawn for blueprints, cats, compliance, drones and vehicles." }),
  });
}
