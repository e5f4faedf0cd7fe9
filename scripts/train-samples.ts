// `npm run samples:train [MODEL...]`: trains the example models on generated samples, in a local cloud of their own, and
// stores their packages and figures in packages/samples/trained/.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { startSeparateCloud } from "@sluice/cli/start/separate-cloud.ts";
import {
  trainedArchive,
  trainedFolder,
  trainedPackages,
  type TrainedPackage,
} from "@sluice/samples/trained.ts";
import { commandsFor, DATASET, RECIPES } from "./samples/recipes.ts";

const cli = path.join(import.meta.dirname, "../packages/cli/src/main.ts");
const packages: Record<string, TrainedPackage> = { ...trainedPackages };
const known = Object.keys(RECIPES);
const requested = process.argv.slice(2);
const unknown = requested.find((model) => !known.includes(model));

if (unknown !== undefined) {
  console.error(`There is no recipe for "${unknown}". Use one of: ${known.join(", ")}.`);
  process.exitCode = 2;
} else await trainAll(requested.length > 0 ? requested : known);

async function trainAll(models: string[]) {
  const dir = mkdtempSync(path.join(tmpdir(), "sluice-train-samples-"));
  const cloud = await startSeparateCloud(dir, "0");
  try {
    for (const model of models) record(model, await train(model, dir));
  } finally {
    await cloud.stop();
    rmSync(dir, { recursive: true, force: true });
  }
}

async function train(model: string, dir: string): Promise<TrainedPackage> {
  const commands = commandsFor(model);
  let [dataset, version] = ["", ""];
  for (const command of commands) {
    const words = command.replace(DATASET, dataset).split(" ");
    const output = await sluice([...words, "--dir", dir, "--json"]);
    if (command.startsWith("datasets prepare")) dataset = (JSON.parse(output) as { id: string }).id;
    if (command.startsWith("train"))
      version = (JSON.parse(output) as { version: { version: string } }).version.version;
  }
  const archive = trainedArchive(model);
  await sluice(["versions", "export", model, version, archive, "--dir", dir]);
  const shown = await sluice(["versions", "show", model, version, "--dir", dir, "--json"]);
  const { metrics } = JSON.parse(shown) as { metrics: Record<string, number> };
  const digest = createHash("sha256").update(readFileSync(archive)).digest("hex");
  return { commands, digest, bytes: statSync(archive).size, metrics };
}

/** Returns the standard output of a command of the CLI. Its progress is shown. */
async function sluice(words: string[]): Promise<string> {
  console.error(`sluice ${words.join(" ")}`);
  const child = spawn(process.execPath, [cli, ...words], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const [code] = (await once(child, "close")) as [number | null];
  if (code !== 0) throw new Error(`sluice ${words.join(" ")} exited with ${code}.`);
  return output;
}

function record(model: string, trained: TrainedPackage) {
  packages[model] = trained;
  const sorted = Object.fromEntries(Object.entries(packages).toSorted(([a], [b]) => a.localeCompare(b)));
  writeFileSync(path.join(trainedFolder, "packages.json"), `${JSON.stringify(sorted, null, 2)}\n`);
  console.error(`${model}: ${JSON.stringify(trained.metrics)}, ${trained.bytes} bytes`);
}
