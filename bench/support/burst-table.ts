import type { Table } from "../run/measurement.ts";
import type { Burst } from "./burst.ts";
import { quantile } from "./table.ts";

export function burstTable(title: string, burst: Burst): Table {
  const { uploads, predictions, results, seconds, waits, memory, downMs } = burst;
  const once = predictions.filter(({ attempts }) => attempts === 1).length;
  const ids = new Set(predictions.map(({ id }) => id)).size;
  const failed = predictions.filter(({ status }) => status === "failed").length;
  return {
    title,
    rows: [
      { what: "predictions, of the uploads", value: ids, ratio: percent(ids, uploads) },
      { what: "ended at the first attempt", value: once, ratio: percent(once, uploads) },
      { what: "failed", value: failed, ratio: percent(failed, uploads) },
      { what: "result documents", value: results, ratio: percent(results, uploads) },
      { what: "events a second", value: uploads / seconds, ratio: "" },
      { what: "upload to record, p50 ms", value: quantile(waits, 0.5), ratio: "" },
      { what: "upload to record, p99 ms", value: quantile(waits, 0.99), ratio: "" },
      { what: "memory at start, MB", value: memory.start, ratio: "" },
      { what: "memory at its peak, MB", value: memory.peak, ratio: percent(memory.peak, memory.start) },
      { what: "memory at the end, MB", value: memory.end, ratio: percent(memory.end, memory.start) },
      ...(downMs === undefined ? [] : [{ what: "kill -9 to ready again, ms", value: downMs, ratio: "" }]),
    ],
  };
}

const percent = (part: number, whole: number) => `${((100 * part) / whole).toFixed(1)} %`;
