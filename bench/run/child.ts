// node bench/run/child.ts <name> <size>, forked by apart.ts.
import { measurements } from "../main.ts";
import type { Message } from "./apart.ts";

// The parent was killed.
process.on("disconnect", () => process.exit(1));

const [name, size] = process.argv.slice(2);
const send = (message: Message, sent?: () => void) => process.send!(message, undefined, undefined, sent);
let error: string | undefined;
try {
  const { run } = await measurements[name!]!.load();
  await run(Number(size), (table) => send({ table }));
} catch (thrown) {
  console.error(thrown);
  error = thrown instanceof Error ? thrown.message : String(thrown);
}
// Idle connections of the AWS SDK would keep the process for seconds.
send({ ended: { ...(error !== undefined && { error }) } }, () => process.exit());
