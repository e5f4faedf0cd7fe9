// The program `train` on a machine without the container: runs the Python trainer in the virtual environment that
// `sluice setup torch` creates.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import path from "node:path";

const FIX = "Run `npx sluice setup torch`, then train again.";
const SIGNALS = ["SIGTERM", "SIGINT"] as const;

const container = path.resolve(import.meta.dirname, "..");
const environment = findEnvironment();
if ("problem" in environment) fail(environment.problem);
else run(environment.python);

/** Its interpreter, if it has the packages that this version needs. */
function findEnvironment(): { python: string } | { problem: string } {
  const folder = process.env["SLUICE_TORCH"];
  const stamp = path.join(folder ?? "", "ready.json");
  if (folder === undefined || !existsSync(stamp))
    return { problem: `PyTorch is not installed on this machine. ${FIX}` };
  const { python, requirements } = JSON.parse(readFileSync(stamp, "utf8")) as Record<string, string>;
  const needed = createHash("sha256").update(readFileSync(path.join(container, "requirements.txt")));
  if (python === undefined || requirements !== needed.digest("hex"))
    return {
      problem: `The PyTorch environment in ${folder} has other packages than this version needs. ${FIX}`,
    };
  return { python };
}

function fail(reason: string) {
  const output = path.join(process.env["SM_OPT_ML"] ?? "/opt/ml", "output");
  mkdirSync(output, { recursive: true });
  writeFileSync(path.join(output, "failure"), reason);
  console.error(reason);
  process.exitCode = 1;
}

function run(python: string) {
  const child = spawn(python, ["-m", "sluice_torch", ...process.argv.slice(2)], {
    cwd: container,
    // Lines of the log must not wait in a buffer, and the sources' folder is not for compiled files.
    env: { ...process.env, PYTHONUNBUFFERED: "1", PYTHONDONTWRITEBYTECODE: "1" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  for (const signal of SIGNALS) process.on(signal, () => void child.kill(signal));
  // This process ends early when the local cloud is killed.
  process.on("exit", () => child.kill("SIGKILL"));
  child.once("error", (error) => fail(`${python} could not be started: ${error.message}. ${FIX}`));
  child.once("exit", (code, signal) => {
    process.exitCode = signal ? 128 + constants.signals[signal] : (code ?? 1);
  });
}
