// Where a processing job lays out what it evaluates, and what the environment says about it.
import { availableParallelism } from "node:os";
import path from "node:path";
import { InferenceError } from "@sluice/inference/error.ts";

export interface Settings {
  /** Holds model.tar.gz. */
  package: string;
  /** Holds the package that serves today, where both are to be measured on the same items. */
  rival: string;
  /** Holds test.jsonl and dataset.json. */
  dataset: string;
  /** Holds the files that test.jsonl names. */
  files: string;
  output: string;
  /** The names that the versions under test have; without them, the packages' own words for themselves. */
  version?: string;
  rivalVersion?: string;
  /** At most so many held-out items, all when absent. */
  samples?: number;
  /** A box below it does not count for precision and recall; the package's own when absent. */
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
  fits: (value: number) => boolean,
  wanted: string,
): number | undefined {
  const text = env[name]?.trim();
  if (!text) return undefined;
  const value = Number(text);
  if (fits(value)) return value;
  throw new InferenceError(
    "REQUEST_INVALID",
    400,
    `${name} is '${text}', which is not ${wanted}.`,
    "Correct it or leave it out.",
  );
}
