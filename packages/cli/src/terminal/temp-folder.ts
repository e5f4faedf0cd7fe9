import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onInterrupt } from "./interrupt.ts";

/** A folder for one command, also removed on Ctrl-C. `message` is printed then. */
export async function createTempFolder(name: string, message?: () => string) {
  const folder = await mkdtemp(path.join(tmpdir(), `sluice-${name}-`));
  const release = onInterrupt(message, folder);
  return {
    folder,
    remove() {
      release();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
