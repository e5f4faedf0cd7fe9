// What Ctrl-C does to a command in mid-work: it says what is done and how to go on, clears up, and ends as shells expect.
import { rmSync } from "node:fs";
import { EXIT } from "./failure.ts";
import { note } from "./output.ts";

interface Stage {
  /** Asked when it happens. Without it an earlier stage speaks. */
  tell?: () => string;
  /** Goes with the command, however that ends. */
  halfWritten: string[];
}

export const NOTHING_WRITTEN = "Broken off: nothing was written. Run it again.";

const stages: Stage[] = [];

function broken() {
  note(`\n${stages.findLast(({ tell }) => tell)?.tell?.() ?? "Broken off."}`);
  process.exit(EXIT.interrupted);
}

/** Tried again while a write under way puts a file back. */
const sweep = () => {
  for (const path of stages.flatMap(({ halfWritten }) => halfWritten))
    rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 });
};

/** Holds until the function that it gives is called. Of several that hold the latest one speaks. */
export function onInterrupt(tell: Stage["tell"], ...halfWritten: string[]): () => void {
  const stage = { tell, halfWritten };
  if (stages.push(stage) === 1) {
    process.once("SIGINT", broken);
    process.once("exit", sweep);
  }
  return () => {
    const at = stages.indexOf(stage);
    if (at >= 0) stages.splice(at, 1);
    if (stages.length > 0) return;
    process.off("SIGINT", broken);
    process.off("exit", sweep);
  };
}
