// Checks of this machine, before any request.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { root } from "../target/target.ts";
import { torchFolder } from "@sluice/core/training/torch/environment.ts";
import { readStamp, statusOf } from "../setup/stamp.ts";
import { type CheckResult, fail, ok, warn } from "./check.ts";

/** The first version with stable type stripping and SQLite. */
const NODE_MAJOR = 24;

export function checkNode(version = process.versions.node): CheckResult[] {
  if (Number(version.split(".")[0]) >= NODE_MAJOR) return [ok(`Node ${version}`)];
  return [fail(`Node ${version} is too old.`, `Install Node ${NODE_MAJOR}, or use \`npm start\`.`)];
}

/** Runs in its own process, because packages do not import scripts. */
const DIGEST = 'console.log((await import("./scripts/synth/sources.ts")).sourcesDigest())';

export async function checkLock(): Promise<CheckResult[]> {
  const file = path.join(root, "infra/cloud.lock.json");
  const { sources } = JSON.parse(readFileSync(file, "utf8")) as { sources: string };
  const args = ["--input-type=module", "--eval", DIGEST];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  if (stdout.trim() === sources) return [ok("infra/cloud.lock.json is up to date")];
  return [
    fail(
      "infra/cloud.lock.json is stale: infra/, the models or the SST version have changed.",
      "Run `npm run synth`, review the change, and restart.",
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
