// The `evaluate` program, a SageMaker processing job: evaluates a package on a prepared dataset.
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { InferenceError } from "@sluice/inference/error.ts";
import { evaluate } from "./evaluate.ts";
import { readSettings } from "./settings.ts";

/** SageMaker's limit for a job's exit message. */
const MAX_MESSAGE = 1024;

const log = (line: string) => process.stdout.write(`${line}\n`);
const message = path.join(process.env["SM_OPT_ML"] ?? "/opt/ml", "output/message");
try {
  await evaluate(readSettings(process.env), log);
} catch (error) {
  const reason =
    error instanceof InferenceError
      ? `${error.code}: ${error.message} ${error.hint}`
      : ((error as Error).stack ?? String(error));
  await mkdir(path.dirname(message), { recursive: true });
  await writeFile(message, reason.slice(0, MAX_MESSAGE));
  log(`failed: ${reason}`);
  process.exitCode = 1;
}
