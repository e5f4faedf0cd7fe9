// The `train` program of SageMaker's contract: reads /opt/ml/input, writes /opt/ml/model, and /opt/ml/output/failure on errors.
// SIGTERM ends the training early and keeps the best model.
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { readChannels } from "./data/input.ts";
import { TrainingError } from "./data/error.ts";
import { readSettings } from "./settings.ts";
import { train } from "./train.ts";

const optMl = process.env["SM_OPT_ML"] ?? "/opt/ml";
const log = (line: string) => process.stdout.write(`${line}\n`);
let stopping = false;
process.on("SIGTERM", () => {
  stopping = true;
});

try {
  const file = path.join(optMl, "input/config/hyperparameters.json");
  const raw = existsSync(file) ? (JSON.parse(await readFile(file, "utf8")) as Record<string, string>) : {};
  const { settings, ignored } = readSettings(raw);
  if (ignored.length > 0) log(`ignored hyperparameters of other trainers: ${ignored.join(", ")}`);
  await train({
    ...(await readChannels(path.join(optMl, "input/data"))),
    settings,
    folders: {
      model: path.join(optMl, "model"),
      output: path.join(optMl, "output/data"),
      checkpoints: path.join(optMl, "checkpoints"),
    },
    lineage: { job: process.env["TRAINING_JOB_NAME"], jobArn: process.env["TRAINING_JOB_ARN"] },
    log,
    stopping: () => stopping,
  });
} catch (error) {
  const reason = error instanceof TrainingError ? error.message : ((error as Error).stack ?? String(error));
  await mkdir(path.join(optMl, "output"), { recursive: true });
  await writeFile(path.join(optMl, "output/failure"), reason.slice(0, 1024));
  log(`failed: ${reason}`);
  process.exitCode = 1;
}
