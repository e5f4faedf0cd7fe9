// A folder for one command alone. It goes with the command, also when Ctrl-C ends it.
import { rmSync } from "node:fs";
import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { note } from "./output.ts";

/** What a shell expects of a program that Ctrl-C ended. */
export const INTERRUPTED = 130;

/** `goOn` tells whoever breaks the command off how to go on. */
export async function scratch(name: string, goOn?: string) {
  const folder = await mkdtemp(path.join(tmpdir(), `sluice-${name}-`));
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const broken = () => {
    if (goOn) note(`\n${goOn}`);
    process.exit(INTERRUPTED);
  };
  process.once("exit", remove);
  process.once("SIGINT", broken);
  return {
    folder,
    done() {
      process.off("exit", remove);
      process.off("SIGINT", broken);
      remove();
    },
  };
}
