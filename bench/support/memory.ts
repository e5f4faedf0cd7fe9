import { readFileSync } from "node:fs";

/** Resident memory of a process in MB, where the system tells it (Linux). */
export function residentMb(pid: number): number {
  try {
    const [, kb] = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return Number(kb) / 1_024;
  } catch {
    return Number.NaN;
  }
}

/** For measurements that cannot do without /proc. */
export function requireLinux(): void {
  if (process.platform !== "linux")
    throw new Error(`This measurement reads /proc, which ${process.platform} lacks. Run it on Linux.`);
}
