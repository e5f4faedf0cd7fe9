// What the machine itself must have, before anything is spoken to.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { root } from "../target.ts";
import { type Answer, fail, ok } from "./check.ts";

/** The first whose type stripping and SQLite are stable. */
const NODE_MAJOR = 24;

export function node(version = process.versions.node): Answer[] {
  if (Number(version.split(".")[0]) >= NODE_MAJOR) return [ok(`Node ${version}`)];
  return [fail(`Node ${version} is too old.`, `Install Node ${NODE_MAJOR}, or use \`npm start\`.`)];
}

/** In a process of its own: scripts are no part of what is deployed, and this package imports none. */
const DIGEST = 'console.log((await import("./scripts/synth/sources.ts")).sourcesDigest())';

export async function lock(): Promise<Answer[]> {
  const file = path.join(root, "infra/cloud.lock.json");
  const { sources } = JSON.parse(readFileSync(file, "utf8")) as { sources: string };
  const args = ["--input-type=module", "--eval", DIGEST];
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: root });
  if (stdout.trim() === sources)
    return [ok("infra/cloud.lock.json is made from infra/ and the models as they stand")];
  return [
    fail(
      "infra/cloud.lock.json is stale: infra/, the models or the SST version changed since.",
      "Run `npm run synth`, look at what it changes, and restart.",
    ),
  ];
}
