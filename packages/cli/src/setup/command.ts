// `sluice setup`: installs on this machine what only some commands need.
import { Command } from "commander";
import { torchFolder } from "@sluice/core/training/torch/environment.ts";
import { onInterrupt } from "../terminal/interrupt.ts";
import { paint, print, printJson, printNote, table } from "../terminal/output.ts";
import { examplesText } from "../target/options.ts";
import { DISK_GB, DOWNLOAD_GB, install } from "./install.ts";
import { readStamp, statusOf, type Stamp } from "./stamp.ts";

/** Where pip finds PyTorch, for every run of the command. */
const INDEX_VARIABLE = "SLUICE_TORCH_INDEX_URL";
const TORCH = { name: "torch", purpose: "train with the container torch on this machine" };

interface SetupOptions {
  python?: string;
  indexUrl?: string;
  json?: boolean;
}

export const setup = new Command("setup")
  .description("Install what only some commands need; without a name, list it")
  .option("--json", "print one JSON document instead of text")
  .addHelpText("after", examplesText(["npx sluice setup", "npx sluice setup torch"]))
  .action(({ json }: { json?: boolean }) => {
    const folder = torchFolder();
    const stamp = readStamp(folder);
    const items = [{ ...TORCH, status: statusOf(stamp), folder, versions: stamp?.versions ?? {} }];
    if (json) return printJson({ items });
    print(
      table(items, [
        { title: "name", value: (row) => row.name },
        { title: "status", value: (row) => row.status },
        { title: "purpose", value: (row) => row.purpose },
        { title: "folder", value: (row) => row.folder },
      ]),
    );
    if (items[0]!.status !== "ready") print("\nInstall it: npx sluice setup torch");
  });

setup
  .command(TORCH.name)
  .description(`Install PyTorch and the packages to ${TORCH.purpose}`)
  .option("--python <command>", "Python to use (default: python3)")
  .option("--index-url <url>", `where pip finds PyTorch's CPU build (env: ${INDEX_VARIABLE}; default: pip's)`)
  .option("--json", "print one JSON document instead of text")
  .addHelpText(
    "after",
    examplesText(["npx sluice setup torch", "npx sluice setup torch --python python3.12"]),
  )
  .action(async (options: SetupOptions) => {
    // The parent command has an option of the same name.
    const json = options.json ?? setup.opts<SetupOptions>().json;
    const { lockFolder } = await import("@sluice/local/kernel/lock.ts");
    const { makeFilesPrivate } = await import("@sluice/local/kernel/private-files.ts");
    makeFilesPrivate();
    const folder = torchFolder();
    const started = performance.now();
    const existing = readStamp(folder);
    if (existing && statusOf(existing) === "ready") return report(folder, existing, false, json, started);
    announce(folder);
    const unlock = lockFolder(folder);
    const release = onInterrupt(() => "Interrupted. Run it again: it continues with what is downloaded.");
    try {
      const indexUrl = options.indexUrl ?? process.env[INDEX_VARIABLE];
      const stamp = await install(folder, { python: options.python, indexUrl });
      report(folder, stamp, true, json, started);
    } finally {
      release();
      unlock();
    }
  });

function announce(folder: string) {
  printNote(`${paint("bold", "PyTorch and its packages")}, to ${TORCH.purpose}`);
  printNote(`  folder    ${folder}, for all local clouds`);
  printNote(
    `  download  about ${DOWNLOAD_GB} GB; much more where pip finds only the build for GPUs (--index-url)`,
  );
  printNote(`  disk      about ${DISK_GB} GB`);
  printNote(`  time      1 to 10 minutes`);
}

function report(
  folder: string,
  { versions }: Stamp,
  changed: boolean,
  json: boolean | undefined,
  started: number,
) {
  const seconds = Math.round((performance.now() - started) / 1_000);
  if (json) return printJson({ name: TORCH.name, status: "ready", changed, folder, versions, seconds });
  const torch = `PyTorch ${versions["torch"]}`;
  if (!changed) return print(`${torch} is installed already in ${folder}. Nothing was changed.`);
  return print(`${paint("green", "✓")} ${torch} is installed (${seconds} s). Train: npx sluice train MODEL`);
}
