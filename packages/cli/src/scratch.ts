// A folder for one command alone. It goes with the command, also when Ctrl-C ends it.
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { onInterrupt } from "./interrupt.ts";

/** `goOn` tells whoever breaks the command off what is done and how to go on. */
export async function scratch(name: string, goOn?: () => string) {
  const folder = await mkdtemp(path.join(tmpdir(), `sluice-${name}-`));
  const over = onInterrupt(goOn, folder);
  return {
    folder,
    done() {
      over();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
