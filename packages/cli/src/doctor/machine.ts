// Checks of this machine, before any request.
import { torchFolder } from "@sluice/core/training/torch/environment.ts";
import { readStamp, statusOf } from "../setup/stamp.ts";
import { isLockStale } from "../synth/lock.ts";
import { type CheckResult, fail, ok, warn } from "./check.ts";

/** The first version with stable type stripping and SQLite. */
const NODE_MAJOR = 24;

export function checkNode(version = process.versions.node): CheckResult[] {
  if (Number(version.split(".")[0]) >= NODE_MAJOR) return [ok(`Node ${version}`)];
  return [fail(`Node ${version} is too old.`, `Install Node ${NODE_MAJOR}, or use \`npm start\`.`)];
}

export async function checkLock(): Promise<CheckResult[]> {
  if (!(await isLockStale())) return [ok("infra/cloud.lock.json is up to date")];
  return [
    fail(
      "infra/cloud.lock.json is stale: infra/, the models or the SST version have changed.",
      "Run `npx sluice synth`, review the change, and commit it.",
    ),
  ];
}

/** Optional: only the container torch on this machine needs it. */
export function checkTorch(): CheckResult[] {
  const stamp = readStamp(torchFolder());
  const fix = "Install it: npx sluice setup torch";
  if (!stamp)
    return [ok(`PyTorch is not installed (optional, for \`train --container torch\` here). ${fix}`)];
  const { torch: version } = stamp.versions;
  if (statusOf(stamp) === "ready") return [ok(`PyTorch ${version} is installed (optional)`)];
  return [warn(`PyTorch ${version} has other packages than this version of Sluice needs.`, fix)];
}
