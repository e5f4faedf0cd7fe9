// A container's program as SageMaker starts it, on a folder that stands in for /opt/ml.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";

export interface Ending {
  code: number | null;
  log: string;
  /** What it wrote as the reason of its failure. */
  failure?: string;
}

export async function runProgram(
  program: string,
  optMl: string,
  { env = {}, interrupt }: { env?: Record<string, string>; interrupt?: RegExp } = {},
): Promise<Ending> {
  const child = spawn(process.execPath, [program], {
    env: { PATH: process.env["PATH"]!, SM_OPT_ML: optMl, ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let log = "";
  let interrupted = false;
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    log += text;
    if (interrupt && !interrupted && interrupt.test(log)) interrupted = child.kill("SIGTERM");
  });
  const [code] = (await once(child, "close")) as [number | null];
  const failure = await readFile(path.join(optMl, "output/failure"), "utf8").catch(() => undefined);
  return { code, log, ...(failure !== undefined && { failure }) };
}

const TRAIN = path.resolve(import.meta.dirname, "../../containers/probe/src/main.ts");

/** The trainer, with these hyperparameters, on the channels that lie in the folder. */
export async function runProbe(
  optMl: string,
  hyperparameters: Record<string, string>,
  interrupt?: RegExp,
): Promise<Ending> {
  await mkdir(path.join(optMl, "input/config"), { recursive: true });
  await writeFile(path.join(optMl, "input/config/hyperparameters.json"), JSON.stringify(hyperparameters));
  return runProgram(TRAIN, optMl, {
    env: { TRAINING_JOB_NAME: "job-1" },
    ...(interrupt && { interrupt }),
  });
}
