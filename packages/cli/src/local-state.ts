// What `sluice start` writes for the other commands, in `local.json` of its state folder.
import { readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { Failure } from "./failure.ts";

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

const fileIn = (dir: string) => path.join(dir, "local.json");

/** Undefined where no cloud was started from this folder. */
export function readState(dir: string): LocalState | undefined {
  const file = fileIn(dir);
  try {
    return LocalState.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new Failure("STATE_BROKEN", `${file} cannot be used: ${reasonOf(cause)}.`, {
      hint: "Delete that file and run `npm start` again: uploads, predictions and models stay.",
      cause,
    });
  }
}

/** The state of the cloud that runs from this folder now. */
export function runningState(dir: string): LocalState | undefined {
  const state = readState(dir);
  return state && isAlive(state.pid) ? state : undefined;
}

/** Readable by its owner only, for it holds a token. By rename, so that a crash leaves no half of it. */
export function writeState(dir: string, state: LocalState): void {
  const file = fileIn(dir);
  writeFileSync(`${file}.part`, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.part`, file);
}

function reasonOf(cause: unknown): string {
  if (cause instanceof SyntaxError) return "it is not JSON";
  if (!(cause instanceof z.ZodError)) return (cause as Error).message;
  const [issue] = cause.issues;
  const at = issue!.path.length > 0 ? `at "${issue!.path.join(".")}", ` : "";
  return `${at}${issue!.message.toLowerCase()}`;
}

function isAlive(pid: number) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
