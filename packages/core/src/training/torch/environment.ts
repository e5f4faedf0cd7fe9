// The virtual environment in which the container `torch` runs on this machine. `sluice setup torch` creates it, outside
// the state folder, so that a reset keeps it and all local clouds share it.
import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";

/** Functions and jobs of the local cloud get it from `sluice start`: their home folder is another. */
export const FOLDER_VARIABLE = "SLUICE_TORCH";

export function torchFolder(env: NodeJS.ProcessEnv = process.env): string {
  if (env[FOLDER_VARIABLE]) return path.resolve(env[FOLDER_VARIABLE]);
  const data = process.platform === "win32" ? env["LOCALAPPDATA"] : env["XDG_DATA_HOME"];
  return path.join(data || path.join(homedir(), ".local/share"), "sluice/torch");
}

/** Written when the environment is complete. */
export const stampFile = (folder: string) => path.join(folder, "ready.json");

export const isInstalled = (): boolean => existsSync(stampFile(torchFolder()));
