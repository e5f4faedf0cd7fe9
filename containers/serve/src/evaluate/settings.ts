// The folders of the processing job, and its settings from the environment.
import { availableParallelism } from "node:os";
import path from "node:path";
import { InferenceError } from "@sluice/inference/error.ts";

export interface Settings {
  /** The folder of model.tar.gz. */
  package: string;
  /** The folder of the package that serves now, if the job compares both. */
  rival: string;
  /** The folder of test.jsonl and dataset.json. */
  dataset: string;
  /** The folder of the files that test.jsonl names. */
  files: string;
  output: string;
  /** Versions of both packages; the packages' own by default. */
  version?: string;
  rivalVersion?: string;
  /** The maximum number of held-out items; all by default. */
  samples?: number;
  /** The minimum confidence of a box for precision and recall; the package's own by default. */
  threshold?: number;
  threads: number;
}

export function readSettings(env: NodeJS.ProcessEnv): Settings {
  const optMl = env["SM_OPT_ML"] ?? "/opt/ml";
  const input = (name: string) => path.join(optMl, "processing/input", name);
  const samples = number(
    env,
    "SAMPLES",
    (value) => Number.isInteger(value) && value > 0,
    "a whole number from 1",
  );
  const threshold = number(env, "THRESHOLD", (value) => value >= 0 && value <= 1, "a number from 0 to 1");
  return {
    package: input("package"),
    rival: input("rival"),
    dataset: input("dataset"),
    files: input("test"),
    output: path.join(optMl, "processing/output"),
    ...(env["SLUICE_VERSION"] && { version: env["SLUICE_VERSION"] }),
    ...(env["SLUICE_RIVAL"] && { rivalVersion: env["SLUICE_RIVAL"] }),
    ...(samples !== undefined && { samples }),
    ...(threshold !== undefined && { threshold }),
    threads: availableParallelism(),
  };
}

function number(
  env: NodeJS.ProcessEnv,
  name: string,
  isValid: (value: number) => boolean,
  expected: string,
): number | undefined {
  const text = env[name]?.trim();
  if (!text) return undefined;
  const value = Number(text);
  if (isValid(value)) return value;
  throw new InferenceError(
    "REQUEST_INVALID",
    400,
    `${name} is '${text}', which is not ${expected}.`,
    "Correct it or leave it out.",
  );
}
