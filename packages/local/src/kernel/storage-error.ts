// Errors of the disk under the state folder: which of four kinds, where, and what to do.
import { statfsSync } from "node:fs";
import path from "node:path";

export type StorageFault = "DISK_FULL" | "DISK_NOT_WRITABLE" | "DISK_FAILED" | "CLOUD_DB_DAMAGED";

/** Not an AwsError: a service that catches those inside a transaction would continue one that SQLite rolled back. */
export class StorageError extends Error {
  override name = "StorageError";
  readonly code: StorageFault;

  constructor(code: StorageFault, message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** By the code of a system call. EFBIG: the process may not write larger files (`ulimit -f`). */
const BY_CODE: Record<string, StorageFault> = {
  ENOSPC: "DISK_FULL",
  EDQUOT: "DISK_FULL",
  EFBIG: "DISK_FULL",
  EROFS: "DISK_NOT_WRITABLE",
  EACCES: "DISK_NOT_WRITABLE",
  EPERM: "DISK_NOT_WRITABLE",
  // The folder, or one above it, is a file.
  EEXIST: "DISK_NOT_WRITABLE",
  ENOTDIR: "DISK_NOT_WRITABLE",
  EIO: "DISK_FAILED",
};

/** By SQLite's primary result code: https://www.sqlite.org/rescode.html */
const BY_RESULT: Record<number, StorageFault> = {
  8: "DISK_NOT_WRITABLE",
  10: "DISK_FAILED",
  11: "CLOUD_DB_DAMAGED",
  13: "DISK_FULL",
  14: "DISK_NOT_WRITABLE",
  26: "CLOUD_DB_DAMAGED",
};

/** Returns a StorageError when the disk is the cause, else `error` itself. `file` was read or written, in `folder`. */
export function asStorageError(error: unknown, file: string, folder = path.dirname(file)): unknown {
  if (error instanceof StorageError || !(error instanceof Error)) return error;
  const { code = "", errcode } = error as { code?: string; errcode?: number };
  const found = errcode === undefined ? BY_CODE[code] : BY_RESULT[errcode & 0xff];
  if (!found) return error;
  // SQLite reports a full disk as a failed one where it extends its shared memory.
  const fault = found === "DISK_FAILED" && isFull(folder) ? "DISK_FULL" : found;
  return new StorageError(fault, explain(fault, file, folder, error.message), error);
}

function explain(fault: StorageFault, file: string, folder: string, reason: string): string {
  if (fault === "DISK_FULL")
    return `The disk is full: ${folder} cannot be written (${reason}). Free some space there. Nothing acknowledged is lost.`;
  if (fault === "DISK_NOT_WRITABLE")
    return `${folder} is not writable (${reason}). Make it writable for this user, or use another folder.`;
  if (fault === "DISK_FAILED")
    return `The disk that holds ${folder} failed (${reason}). Check the disk and its free space.`;
  return `${file} is damaged (${reason}). Restore it from a backup, or move ${folder} away to start without state.`;
}

function isFull(folder: string): boolean {
  try {
    return statfsSync(folder).bavail === 0;
  } catch {
    return false;
  }
}
