// The launcher as the local cloud starts it. A program of this test replaces the interpreter of the environment.
import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { runProgram } from "../../../test/support/program.ts";

const LAUNCHER = path.join(import.meta.dirname, "train.ts");
const INTERPRETER = `#!${process.execPath}
console.log("arguments " + process.argv.slice(2).join(" "));
console.log("unbuffered " + process.env.PYTHONUNBUFFERED);
const mode = process.env.MODE;
if (mode === "wait") {
  process.on("SIGTERM", () => { console.log("stopping"); process.exit(0); });
  console.log("ready");
  setInterval(() => {}, 1000);
} else process.exit(Number(mode));
`;

let folder: string;
beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "sluice-launcher-"))));
afterEach(() => rmSync(folder, { recursive: true }));

const run = (env: Record<string, string>, interrupt?: RegExp) =>
  runProgram(LAUNCHER, folder, { env, ...(interrupt && { interrupt }) });

/** An environment with these requirements. */
function environment(requirements: string): Record<string, string> {
  const python = path.join(folder, "python");
  writeFileSync(python, INTERPRETER);
  chmodSync(python, 0o755);
  const digest = createHash("sha256").update(requirements).digest("hex");
  writeFileSync(path.join(folder, "ready.json"), JSON.stringify({ python, requirements: digest }));
  return { SLUICE_TORCH: folder };
}
const current = () =>
  environment(readFileSync(path.join(import.meta.dirname, "../requirements.txt"), "utf8"));

test.each<[string, () => Record<string, string>]>([
  ["is not installed", () => ({})],
  ["is not installed", () => ({ SLUICE_TORCH: folder })],
  ["has other packages", () => environment("torch==1.13.0\n")],
])("without its environment the job fails with the fix: %s", async (what, env) => {
  const { code, failure } = await run(env());
  expect(code).toBe(1);
  expect(failure).toContain(what);
  expect(failure).toContain("npx sluice setup torch");
});

test("the trainer runs as a module, with its lines unbuffered, and its exit code is the job's", async () => {
  const { code, log, failure } = await run({ ...current(), MODE: "3" });
  expect({ code, failure }).toEqual({ code: 3, failure: undefined });
  expect(log).toBe("arguments -m sluice_torch\nunbuffered 1\n");
});

test("SIGTERM reaches the trainer, which ends by itself", async () => {
  const { code, log } = await run({ ...current(), MODE: "wait" }, /ready/);
  expect(code).toBe(0);
  expect(log).toContain("stopping");
});
