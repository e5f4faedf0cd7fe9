// The state folder holds keys, tokens and uploads: only its owner may read it.
import { chmodSync, mkdirSync, readdirSync, statSync } from "node:fs";
import path from "node:path";

/** For a program's main: from here on it and its children make files that only their owner may read. */
export const makeFilesPrivate = () => void process.umask(0o077);

/** Makes the folder, or closes one that an earlier version left open to other users. */
export function makeFolderPrivate(dir: string): void {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if ((statSync(dir).mode & 0o077) === 0) return;
  for (const entry of readdirSync(dir, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (entry.isDirectory()) chmodSync(file, 0o700);
    else if (entry.isFile()) chmodSync(file, statSync(file).mode & 0o700);
  }
  // Last: a folder that was closed only in part is closed again at the next start.
  chmodSync(dir, 0o700);
}
