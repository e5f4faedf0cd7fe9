// Uploads sent all at once: throughput, latency, memory, and whether each is predicted exactly once.
import type { Report } from "./run/measurement.ts";
import { checkExactlyOnce, measureBurst } from "./support/burst.ts";
import { burstTable } from "./support/burst-table.ts";

/** `size`: uploads. */
export async function run(size: number, report: Report) {
  const burst = await measureBurst({ uploads: size });
  report(burstTable(`${size.toLocaleString("en")} uploads in a burst`, burst));
  checkExactlyOnce(burst);
}
