import { spawn } from "node:child_process";
import path from "node:path";
import { loadModels } from "@sluice/models/load.ts";
import { Command } from "commander";
import { Failure } from "../terminal/failure.ts";
import { root } from "../target/target.ts";

export const synth = new Command("synth")
  .description("Write infra/cloud.lock.json, the resources that SST would create (needs no AWS account)")
  .option("--check", "write nothing; fail with a diff if the file is stale")
  .addHelpText("after", "\nExamples:\n  $ npx sluice synth\n  $ npx sluice synth --check")
  .action(async ({ check }: { check?: boolean }) => {
    await loadModels();
    const program = path.join(root, "scripts/synth/main.ts");
    const child = spawn(process.execPath, [program, ...(check ? ["--check"] : [])], {
      cwd: root,
      stdio: "inherit",
    });
    const code = await new Promise((resolve) => child.once("exit", resolve));
    if (code !== 0)
      throw new Failure("SYNTH_FAILED", "infra/cloud.lock.json is stale or could not be written.", {
        hint: "See the output above.",
      });
  });
