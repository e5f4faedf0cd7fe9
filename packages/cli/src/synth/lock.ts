// infra/cloud.lock.json, and whether it is older than the models and resources that it is made from.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { runChild } from "../process/child.ts";
import { Failure } from "../terminal/failure.ts";
import { paint, printNote } from "../terminal/output.ts";
import { root } from "../target/target.ts";

/** Runs in its own process, because packages do not import scripts. */
const DIGEST = 'console.log((await import("./scripts/synth/sources.ts")).sourcesDigest())';

export async function isLockStale(): Promise<boolean> {
  const file = path.join(root, "infra/cloud.lock.json");
  const { sources } = JSON.parse(readFileSync(file, "utf8")) as { sources: string };
  const args = ["--input-type=module", "--eval", DIGEST];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  return stdout.trim() !== sources;
}

/** Writes a stale lock again. A model that is missing from it would have no queue and no permissions. */
export async function refreshLock(): Promise<void> {
  if (!(await isLockStale())) return;
  printNote(
    `${paint("yellow", "!")} the models or infra/ have changed: writing infra/cloud.lock.json again ...`,
  );
  let reason: string | undefined;
  const { status, lastLine } = await runChild("scripts/synth/main.ts", [], (line) => {
    if (line.endsWith("...")) printNote(`  ${line}`);
    if (/^\w*Error\b/.test(line)) reason ??= line;
  });
  if (status !== 0)
    throw new Failure(
      "LOCK_STALE",
      `infra/cloud.lock.json is stale and could not be written: ${reason ?? lastLine}`,
      {
        hint: "Run `npm run synth` to see all messages, then start again.",
      },
    );
  printNote(`${paint("green", "✓")} wrote infra/cloud.lock.json; review and commit it`);
}
