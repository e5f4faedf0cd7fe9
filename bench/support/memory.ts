import { readFileSync } from "node:fs";
import { processesOf } from "../../test/support/processes.ts";

/** Resident memory of a process in MB, where the system tells it (Linux). */
export function residentMb(pid: number): number {
  try {
    const [, kb] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kb) / 1_024;
  } catch {
    return Number.NaN;
  }
}

/** The functions that send live updates and receive messages of live clients. */
const LIVE_FUNCTIONS = /AWS_LAMBDA_FUNCTION_NAME=\S*-(SendLive|LiveMessages)Function/;

/** Resident MB of the cloud with this state folder, and of the workers of its functions for live updates. */
export function memoryOf(dir: string) {
  const found = { cloud: 0, functions: 0, workers: 0 };
  for (const line of processesOf(dir)) {
    const pid = Number.parseInt(line);
    const mb = residentMb(pid);
    if (Number.isNaN(mb)) continue;
    if (line.includes("packages/local/src/main.ts")) found.cloud += mb;
    else if (LIVE_FUNCTIONS.test(readFileSync(`/proc/${pid}/environ`, "utf8").replaceAll("\0", " "))) {
      found.functions += mb;
      found.workers += 1;
    }
  }
  return found;
}

/** For measurements that cannot do without /proc. */
export function requireLinux(): void {
  if (process.platform !== "linux")
    throw new Error(`This measurement reads /proc, which ${process.platform} lacks. Run it on Linux.`);
}
