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
