// The same thousand uploads, and kill -9 in the middle of them: what is left, and how soon it goes on.
import { measureBurst } from "./support/burst.ts";
import { burstTable } from "./support/burst-table.ts";

export async function run(command: string) {
  const burst = await measureBurst({ uploads: 1_000, killAfter: 500 });
  burstTable("1,000 uploads, the process killed (-9) in the middle", burst, command);
}
