import { spawn } from "node:child_process";
import path from "node:path";
import { Command } from "commander";
import { Failure } from "../failure.ts";
import { root } from "../target.ts";

export const synth = new Command("synth")
  .description("Write infra/cloud.lock.json: every resource SST would create, found without AWS")
  .option("--check", "change nothing; fail when the file is stale, and show how")
  .addHelpText("after", "\nExamples:\n  $ sluice synth\n  $ sluice synth --check")
  .action(async ({ check }: { check?: boolean }) => {
    const program = path.join(root, "scripts/synth/main.ts");
    const child = spawn(process.execPath, [program, ...(check ? ["--check"] : [])], {
      cwd: root,
      stdio: "inherit",
    });
    const code = await new Promise((resolve) => child.once("exit", resolve));
    if (code !== 0)
      throw new Failure("SYNTH_FAILED", "The resource graph was not written, or is stale.", {
        hint: "The lines above say why.",
      });
  });
