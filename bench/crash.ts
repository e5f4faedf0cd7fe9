// The same burst with kill -9 in the middle: what is lost or repeated, and how soon the cloud is ready again.
import type { Report } from "./run/measurement.ts";
import { checkExactlyOnce, measureBurst } from "./support/burst.ts";
import { burstTable } from "./support/burst-table.ts";

/** `size`: uploads. */
export async function run(size: number, report: Report) {
  const burst = await measureBurst({ uploads: size, killAfter: Math.ceil(size / 2) });
  report(burstTable(`${size.toLocaleString("en")} uploads, kill -9 in the middle`, burst));
  checkExactlyOnce(burst);
}
