// `npm run dev`: runs the local cloud without samples, and rebuilds and publishes the page on each change of its sources.
// Arguments are passed to `sluice start`. Functions and API routes reload automatically.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { buildPage, publishPage } from "@sluice/cli/start/page.ts";
import type { LocalState } from "@sluice/cli/target/local-state.ts";

/** Editors write several files in one save. */
const QUIET_MS = 100;
const root = path.resolve(import.meta.dirname, "..");

const cloud = spawn(
  process.execPath,
  ["packages/cli/src/main.ts", "start", "--no-samples", "--json", ...process.argv.slice(2)],
  { cwd: root, stdio: ["inherit", "pipe", "inherit"] },
);
const exited = once(cloud, "exit") as Promise<[number | null]>;
// Ctrl-C reaches the cloud too; this process ends after it.
for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => cloud.kill(signal));

const [line] = (await Promise.race([
  once(createInterface({ input: cloud.stdout }), "line"),
  exited.then(() => []),
])) as [string?];
if (line) {
  const state = JSON.parse(line) as LocalState;
  Object.assign(process.env, state.environment);
  process.stderr.write("Ready. The page is rebuilt when packages/web changes; Ctrl-C stops everything.\n");
  republishOnChange(state);
}
const [code] = await exited;
process.exit(code ?? 1);

function republishOnChange(state: LocalState) {
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  watch(path.join(root, "packages/web/src"), { recursive: true }, () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      running = running.then(() => republish(state));
    }, QUIET_MS);
  });
}

async function republish(state: LocalState) {
  const began = performance.now();
  try {
    await publishPage(await buildPage(), state);
    process.stderr.write(
      `Page republished in ${Math.round(performance.now() - began)} ms; reload the browser.\n`,
    );
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`);
  }
}
