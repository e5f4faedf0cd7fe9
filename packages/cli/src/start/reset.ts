import { existsSync, readdirSync, rmSync } from "node:fs";
import { confirm } from "../terminal/confirm.ts";
import { EXIT, Failure } from "../terminal/failure.ts";

/** Deletes the state folder. Rejects a folder that is not one. */
export async function resetState(folder: string, confirmed: boolean): Promise<void> {
  if (!existsSync(folder)) return;
  if (!confirmed) await confirm(`Delete ${folder} with all uploads, predictions and models?`);
  const entries = readdirSync(folder);
  if (entries.length > 0 && !entries.includes("cloud.db") && !entries.includes("cloud.log"))
    throw new Failure("STATE_UNKNOWN", `${folder} contains files, but no state of Sluice.`, {
      exit: EXIT.usage,
      hint: "Nothing was deleted. Set the state folder with --dir.",
    });
  rmSync(folder, { recursive: true, force: true });
}
