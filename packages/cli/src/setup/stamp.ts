// The stamp of the PyTorch environment: written when it is complete, with the digest of the requirements it has.
import { createHash } from "node:crypto";
import { readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { stampFile } from "@sluice/core/training/torch/environment.ts";
import { z } from "zod";
import { root } from "../target/target.ts";

const Stamp = z.object({
  /** SHA-256 of requirements.txt. */
  requirements: z.string(),
  /** The interpreter of the environment. */
  python: z.string(),
  versions: z.record(z.string(), z.string()),
});
export type Stamp = z.infer<typeof Stamp>;

export const container = path.join(root, "containers/torch");
export const requirementsFile = path.join(container, "requirements.txt");

export const requirementsDigest = () =>
  createHash("sha256").update(readFileSync(requirementsFile)).digest("hex");

/** Undefined for a missing, unfinished or damaged environment. */
export function readStamp(folder: string): Stamp | undefined {
  try {
    return Stamp.parse(JSON.parse(readFileSync(stampFile(folder), "utf8")));
  } catch {
    return undefined;
  }
}

export function writeStamp(folder: string, stamp: Stamp): void {
  const file = stampFile(folder);
  writeFileSync(`${file}.part`, `${JSON.stringify(stamp, null, 2)}\n`);
  renameSync(`${file}.part`, file);
}

/** While packages change, the environment is not usable. */
export const removeStamp = (folder: string) => rmSync(stampFile(folder), { force: true });

export type EnvironmentStatus = "missing" | "outdated" | "ready";

export function statusOf(stamp: Stamp | undefined): EnvironmentStatus {
  if (!stamp) return "missing";
  return stamp.requirements === requirementsDigest() ? "ready" : "outdated";
}
