// A thousand uploads at once: how fast they become records, whether each does so exactly once, what memory it takes.
import { measureBurst } from "./support/burst.ts";
import { burstTable } from "./support/burst-table.ts";

export async function run(command: string) {
  burstTable("1,000 uploads in a burst", await measureBurst({ uploads: 1_000 }), command);
}
