import { createHash } from "node:crypto";
import type { Served } from "./monitored.ts";
import type { ReportTrigger } from "./report.ts";

interface Identity {
  served: Pick<Served, "model" | "version">;
  trigger: ReportTrigger;
  /** End of the window, epoch ms. */
  to: number;
  /** Of a manual run: predictions may have arrived in the same second since the last one. */
  count?: number;
}

/** Follows from model, version and window, so that repeated and concurrent runs write one report. */
export function reportId({ served, trigger, to, count }: Identity): string {
  const parts = [served.model.name, served.version.version, trigger, to, count ?? null];
  return `drp_${createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 20)}`;
}
