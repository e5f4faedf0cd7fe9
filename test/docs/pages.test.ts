// Every block of commands in README.md and docs/ runs against one Sluice with its samples, page by page.
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { SAMPLE_MODELS } from "@sluice/cli/sample/package.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { start } from "../cli/sluice.ts";
import { packageOf, root } from "../support/sample.ts";
import { bashOf, blocksOf, differences, missingLines, type Block } from "./blocks.ts";

/** Less than the test may take, so that the test reports which block was running. */
const PAGE_SECONDS = 570;
/** DOCS_PAGES names some of them, separated by commas. */
const pages = process.env["DOCS_PAGES"]?.split(",") ?? [
  "README.md",
  ...globSync("docs/*.md", { cwd: root }).toSorted(),
];
// The repository as the reader has it, with its own state folder.
const folder = mkdtempSync(path.join(tmpdir(), "sluice-docs-"));
const dir = path.join(folder, ".sluice");
let running: Awaited<ReturnType<typeof start>>;

beforeAll(async () => {
  for (const name of readdirSync(root))
    if (name !== ".sluice" && name !== ".git") symlinkSync(path.join(root, name), path.join(folder, name));
  // Trained once for all tests; `sluice start` uses what is there.
  for (const model of SAMPLE_MODELS) {
    const samples = path.join(dir, "samples", model);
    mkdirSync(samples, { recursive: true });
    writeFileSync(path.join(samples, "model.tar.gz"), await packageOf(model));
  }
  running = await start(["--port", "0", "--dir", dir]);
});
afterAll(async () => {
  await running?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test.each(pages)("%s", async (page) => {
  const blocks = blocksOf(readFileSync(path.join(root, page), "utf8"));
  const runnable = blocks.filter(({ notRun }) => notRun === undefined);
  for (const { line, notRun } of blocks)
    if (notRun) process.stdout.write(`${page}:${line} not run: ${notRun}\n`);
  const output = await run(page, runnable);
  const wrong = runnable.flatMap(({ line, shows, prints = [] }) => [
    ...(shows === undefined ? [] : differences(shows, JSON.parse(output(line)), `${page}:${line} $`)),
    ...missingLines(prints, output(line)).map((text) => `${page}:${line} does not print: ${text}`),
  ]);
  expect(wrong).toEqual([]);
});

/** Blocks of a page share one shell, as they do for a reader. */
async function run(page: string, blocks: Block[]) {
  const out = mkdtempSync(path.join(folder, "out-"));
  const script = [PRELUDE];
  for (const block of blocks) {
    const body = forThisSluice(bashOf(block));
    const errors = block.prints ? "&1" : `${out}/${block.line}.err`;
    script.push(`BLOCK=${block.line}`, `{\n${body}\n} >${out}/${block.line} 2>${errors}`);
  }
  const shell = spawn("timeout", ["--kill-after=5", String(PAGE_SECONDS), "bash", "-c", script.join("\n")], {
    cwd: folder,
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [[code], , failed] = await Promise.all([
    once(shell, "close") as Promise<[number]>,
    text(shell.stdout),
    text(shell.stderr),
  ]);
  const output = (line: number | string) => readFileSync(path.join(out, String(line)), "utf8");
  const outputIfAny = (name: string) => (existsSync(path.join(out, name)) ? output(name) : "");
  if (code !== 0) {
    const line = /^BLOCK (\d+)/m.exec(failed)?.[1] ?? "";
    const printed = line ? [line, `${line}.err`].map(outputIfAny).join("\n") : "";
    throw new Error(`${page}:${line} exited with ${code}.\n${failed}\n${printed}`);
  }
  return output;
}

/**
 * `field` prints one member of a JSON document: items.0.id. `newest` waits for a prediction with a status. Before
 * version 2.13 the aws command does not read AWS_ENDPOINT_URL. npx exits with 130 after Ctrl-C.
 */
const PRELUDE = `set -eo pipefail
exec 3>&2
trap 'echo "BLOCK $BLOCK: $BASH_COMMAND" >&3' ERR
field() { node -e 'let t = JSON.parse(require("fs").readFileSync(0)); for (const k of process.argv[1].split(".")) t = t[k]; console.log(t)' "$1"; }
newest() { for _ in $(seq 60); do npx sluice predictions list "$1" --status "$2" --json | field items.0.id 2>/dev/null && return; sleep 1; done; return 1; }
until_ctrl_c() { timeout --preserve-status --signal=INT 5 "$@" || [ $? -eq 130 ]; }
aws() { command aws --endpoint-url "$AWS_ENDPOINT_URL" "$@"; }`;

/** The pages have the default port and a placeholder for the token. */
function forThisSluice(script: string): string {
  const { endpoint, token } = running.state as { endpoint: string; token: string };
  return script.replaceAll("http://127.0.0.1:4710", endpoint).replaceAll(/\bslc_\.\.\./g, token);
}

function environment() {
  const names = /^(PATH|HOME|LANG|TMPDIR|SSL_.*|PYTHON.*|PYENV.*)$/;
  const own = Object.entries(process.env).filter(([name]) => names.test(name));
  return { ...Object.fromEntries(own), SLUICE_DIR: dir, AWS_PAGER: "", NO_COLOR: "1" };
}
