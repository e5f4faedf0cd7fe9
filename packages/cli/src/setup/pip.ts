// Runs a Python program of the environment, and pip with its progress.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { Failure } from "../terminal/failure.ts";
import { createProgressBar, printNote } from "../terminal/output.ts";

/** Lines of a failed program that are shown. */
const SHOWN_LINES = 8;
/** The first pip with progress in plain lines. */
const RAW_PROGRESS = 24.1;

export interface Exit {
  status: number | NodeJS.Signals;
  lines: string[];
}

export function runPython(
  python: string,
  args: string[],
  onLine: (line: string) => void = () => {},
): Promise<Exit> {
  const child = spawn(python, args, { stdio: ["ignore", "pipe", "pipe"] });
  const kill = () => void child.kill();
  process.once("exit", kill);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    createInterface({ input: stream }).on("line", (line) => {
      lines.push(line);
      onLine(line);
    });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code, signal) => {
      process.off("exit", kill);
      resolve({ status: signal ?? code ?? 0, lines });
    });
  });
}

/** `pip install` with these arguments. */
export async function installPackages(python: string, args: string[]): Promise<void> {
  const bar = createProgressBar("  ");
  const pip = ["-m", "pip", "--disable-pip-version-check"];
  const raw = (await pipVersion(python)) >= RAW_PROGRESS;
  const progress = ["--progress-bar", raw ? "raw" : "off"];
  const { status, lines } = await runPython(
    python,
    [...pip, "install", "--no-input", ...progress, ...args],
    (line) => {
      const [, done, total] = /^Progress (\d+) of (\d+)/.exec(line) ?? [];
      if (total) return bar.update(Number(done), Number(total));
      const step = describeStep(line);
      if (!step) return undefined;
      bar.clear();
      return printNote(`  ${step}`);
    },
  );
  bar.clear();
  if (status !== 0) throw failureOf(status, lines);
}

/** Downloads of megabytes, and the installation. Smaller files take no time to speak of. */
function describeStep(line: string): string | undefined {
  const [, file, size] = /^\s*Downloading (\S+) \(([\d.]+ [MG]B)\)/.exec(line) ?? [];
  if (file) return `downloading ${file.split("/").at(-1)!.split("-").slice(0, 2).join(" ")} (${size})`;
  const packages = /^Installing collected packages: (.*)/.exec(line)?.[1];
  return packages && `installing ${packages.split(", ").length} packages`;
}

async function pipVersion(python: string): Promise<number> {
  const { lines } = await runPython(python, ["-m", "pip", "--version"]);
  return Number(/^pip (\d+\.\d+)/.exec(lines[0] ?? "")?.[1] ?? 0);
}

function failureOf(status: Exit["status"], lines: string[]): Failure {
  const shown = lines.filter((line) => line.trim() !== "" && !line.startsWith("Progress "));
  const text = shown.join("\n");
  if (text.includes("No space left on device"))
    return new Failure("DISK_FULL", "The disk is full.", {
      hint: "Free some space, then run the command again. It continues where it stopped.",
    });
  return new Failure(
    "PACKAGES_NOT_INSTALLED",
    `pip ended with ${status}. Its last lines:\n${shown.slice(-SHOWN_LINES).join("\n")}`,
    {
      hint: /No matching distribution/.test(text)
        ? "Name an index that has the CPU build of PyTorch: --index-url URL. Or use another Python: --python PATH."
        : "Check the network and pip's settings, then run the command again. It continues where it stopped.",
    },
  );
}
