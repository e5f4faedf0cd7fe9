// On Ctrl-C a command prints what it has done and how to continue, removes partial files, and exits with 130.
import { rmSync } from "node:fs";
import { EXIT } from "./failure.ts";
import { printNote } from "./output.ts";

interface Stage {
  /** Called on Ctrl-C. A stage without it leaves the message to an earlier stage. */
  message?: () => string;
  /** Removed when the command ends, for whatever reason. */
  partialFiles: string[];
}

export const NOTHING_WRITTEN = "Interrupted. Nothing was written. Run it again.";

const stages: Stage[] = [];

function interrupt() {
  printNote(`\n${stages.findLast(({ message }) => message)?.message?.() ?? "Interrupted."}`);
  process.exit(EXIT.interrupted);
}

/** Retries, because a write in progress may recreate a file. */
const removePartialFiles = () => {
  for (const path of stages.flatMap(({ partialFiles }) => partialFiles))
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
};

/** Active until the returned function is called. The latest active stage provides the message. */
export function onInterrupt(message: Stage["message"], ...partialFiles: string[]): () => void {
  const stage = { message, partialFiles };
  if (stages.push(stage) === 1) {
    process.once("SIGINT", interrupt);
    process.once("exit", removePartialFiles);
  }
  return () => {
    const at = stages.indexOf(stage);
    if (at >= 0) stages.splice(at, 1);
    if (stages.length > 0) return;
    process.off("SIGINT", interrupt);
    process.off("exit", removePartialFiles);
  };
}

/** Ctrl-C ends the work through its signal: the command then succeeds. */
export async function untilInterrupted(work: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt);
  try {
    await work(stop.signal);
  } finally {
    process.off("SIGINT", interrupt);
  }
}
