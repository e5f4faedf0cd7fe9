// `npm run synth` writes infra/cloud.lock.json; `npm run synth -- --check` fails where the committed one is stale.
import { evaluate } from "./evaluate.ts";
import { readLock, toLock, writeLock } from "./lock.ts";

const lock = toLock(await evaluate());
writeLock(lock);
console.log(lock.resources.length, "resources", readLock()?.app);
process.exit(0);
