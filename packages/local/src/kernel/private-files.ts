// The state folder holds keys, tokens and uploads: only its owner may read it.
import { chmodSync, mkdirSync, readdirSync, statSync } from "node:fs";
import path from "node:path";

/** For a program's main: it and its children then create files that only their owner can read. */
export const makeFilesPrivate = () => void process.umask(0o077);

/** Creates the folder with mode 0700, or corrects the mode that an earlier version gave it. */
export function makeFolderPrivate(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if ((statSync(dir).mode & 0o077) === 0) return;
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isDirectory()) chmodSync(file, 0o700);
    else if (entry.isFile()) chmodSync(file, statSync(file).mode & 0o700);
  }
  // Last, so that an interrupted correction is repeated at the next start.
  chmodSync(dir, 0o700);
}
