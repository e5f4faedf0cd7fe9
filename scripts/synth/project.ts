import path from "node:path";
import { fileURLToPath } from "node:url";

export const root = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");
export const inProject = (file: string) => path.join(root, file);

export const lockFile = inProject("infra/cloud.lock.json");
export const platform = inProject(".sst/platform");

/** The stage the lock is made for: the one that runs on this machine. */
export const stage = "local";
