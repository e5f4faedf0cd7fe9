// One process per state folder: two would both run its timers and workers.
import { closeSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import { makeFolderPrivate } from "./private-files.ts";
import { asStorageError } from "./storage-error.ts";

export class LockError extends Error {
  override name = "LockError";
  readonly code = "STATE_LOCKED";
}

/** Locks the folder and returns the function that unlocks it. Takes over the lock of a killed process. */
export function lockFolder(dir: string): () => void {
  const file = path.join(dir, "lock");
  try {
    makeFolderPrivate(dir);
    for (let attempt = 0; attempt < 3; attempt++) {
      if (createLock(file)) return () => rmSync(file, { force: true });
      const holder = readHolder(file);
      if (holder && isAlive(holder))
        throw new LockError(
          `The state in ${dir} is in use by process ${holder.pid}. Stop it first, or use another state folder.`,
        );
      rmSync(file, { force: true });
    }
  } catch (error) {
    throw asStorageError(error, file);
  }
  throw new LockError(
    `Could not lock ${dir}: other processes are starting with the same folder. Stop them, then try again.`,
  );
}

/** Returns false when the file exists already. */
function createLock(file: string): boolean {
  let handle: number;
  try {
    handle = openSync(file, "wx");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
  try {
    writeSync(handle, `${process.pid} ${processStart(process.pid)}`);
    return true;
  } catch (error) {
    rmSync(file, { force: true });
    throw error;
  } finally {
    closeSync(handle);
  }
}

interface Holder {
  pid: number;
  start: string;
}

function readHolder(file: string): Holder | undefined {
  try {
    const [pid = "", start = ""] = readFileSync(file, "utf8").split(" ");
    return Number(pid) > 0 ? { pid: Number(pid), start } : undefined;
  } catch {
    return undefined;
  }
}

function isAlive({ pid, start }: Holder) {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
  // The process id may belong to another process now.
  return processStart(pid) === start;
}

/** The process's start time in clock ticks; empty without /proc. */
function processStart(pid: number) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? "";
  } catch {
    return "";
  }
}
