// `local.json` in the state folder: how other commands reach the cloud that `sluice start` runs.
import "@sluice/models/plain-messages.ts";
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { Failure } from "../terminal/failure.ts";

const LocalState = z.object({
  pid: z.int().positive(),
  endpoint: z.url(),
  api: z.url(),
  live: z.url(),
  token: z.string().min(1),
  app: z.string(),
  stage: z.string(),
  buckets: z.object({ uploads: z.string(), results: z.string(), artifacts: z.string() }),
  page: z.object({ url: z.string(), bucket: z.string() }),
  environment: z.record(z.string(), z.string()),
});
export type LocalState = z.infer<typeof LocalState>;

const stateFile = (dir: string) => path.join(dir, "local.json");

/** Undefined if no cloud was ever started with this folder. */
export function readState(dir: string): LocalState | undefined {
  const file = stateFile(dir);
  try {
    return LocalState.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Failure("LOCAL_JSON_INVALID", `${file} cannot be used: ${describeError(cause)}.`, {
      hint: "Delete that file and run `npm start` again. Uploads, predictions and models are not lost.",
      cause,
    });
  }
}

/** The state of the cloud that runs with this folder now. */
export function runningState(dir: string): LocalState | undefined {
  const state = readState(dir);
  return state && isRunning(state) ? state : undefined;
}

/** Mode 0600, because it contains a token. Renamed into place, so that a crash leaves no partial file. */
export function writeState(dir: string, state: LocalState): void {
  const file = stateFile(dir);
  writeFileSync(`${file}.part`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.part`, file);
}

function describeError(cause: unknown): string {
  if (cause instanceof SyntaxError) return "it is not JSON";
  if (!(cause instanceof z.ZodError)) return (cause as Error).message;
  const [issue] = cause.issues;
  const at = issue!.path.length > 0 ? `at "${issue!.path.join(".")}", ` : "";
  return `${at}${issue!.message.toLowerCase()}`;
}

export function isRunning({ pid }: LocalState): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
