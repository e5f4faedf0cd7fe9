// `npm run synth` writes infra/cloud.lock.json; `npm run synth -- --check` writes nothing and fails where it is stale.
import { parseArgs } from "node:util";
import { loadModels } from "@sluice/models/load.ts";
import { difference } from "./diff.ts";
import { evaluate } from "./evaluate.ts";
import { readLock, serialise, toLock, writeLock, type Lock } from "./lock.ts";
import { summary } from "./summary.ts";
import { typeErrors } from "./types.ts";

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });

// The settings are checked here too, although they do not belong in the lock.
await loadModels()
  .then(() => import("../../infra/settings.ts"))
  .catch((error: Error) => {
    console.error(error.message);
    process.exit(1);
  });
const before = readLock();
const lock = toLock(await evaluate());
const changes = before ? difference(before, lock) : [];
const problems = [...typeErrors(), ...(values.check ? stale(before, lock) : [])];

if (!values.check) writeLock(lock);
for (const change of changes) console.log(change);
for (const problem of problems) console.error(problem);
if (problems.length === 0) console.log(summary(lock));
process.exit(problems.length === 0 ? 0 : 1);

function stale(committed: Lock | undefined, fresh: Lock): string[] {
  if (committed !== undefined && serialise(committed) === serialise(fresh)) return [];
  return ["infra/cloud.lock.json is stale: run `npm run synth`, review the change, and commit it."];
}
