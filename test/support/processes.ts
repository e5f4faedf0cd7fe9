import { existsSync, readdirSync, readFileSync } from "node:fs";
import { until } from "./until.ts";

/** Processes, other than this one, that were started for a state folder: it is in their arguments or their environment. */
export function processesOf(dir: string): string[] {
  // Only Linux tells this without another program.
  if (!existsSync("/proc")) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      try {
        const line = readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
        const about = line + readFileSync(`/proc/${pid}/environ`, "utf8");
        return about.includes(dir) ? [`${pid} ${line}`] : [];
      } catch {
        // It has ended meanwhile, or is another user's.
        return [];
      }
    });
}

/** A child needs a moment to see that its parent is gone. */
export const noneLeftOf = (dir: string) =>
  until(async () => {
    const left = processesOf(dir);
    if (left.length > 0) throw new Error(`Left behind:\n${left.join("\n")}`);
  }, 15_000);
