// A faulty model declaration: one clear line at every command that needs the models, and no stack.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { copyProject } from "../support/project.ts";
import { root } from "../support/sample.ts";
import { environment } from "./sluice.ts";

const project = copyProject();
afterAll(project.remove);

const launchProject = (program: string, ...args: string[]) =>
  spawn(process.execPath, [path.join(project.root, program), ...args], {
    cwd: project.root,
    env: environment,
  });

async function run(program: string, ...args: string[]) {
  const child = launchProject(program, ...args);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "close") as Promise<[number]>,
  ]);
  return { stdout, stderr, code };
}

const vehicles = "packages/models/src/vehicles.ts";
const start = ["start", "--no-samples", "--port", "0", "--dir", ".sluice"];

test.each([
  [
    "a value out of range",
    (source: string) => source.replace("threshold: 0.93", "threshold: 70"),
    "packages/models/src/vehicles.ts: `gate.threshold` is 70, but must be from 0 to 1. Write 0.7 for 70 %.",
  ],
  [
    "an unknown field",
    (source: string) => source.replace("threshold: 0.93", "treshold: 0.93"),
    "packages/models/src/vehicles.ts: `gate.treshold` is not a known field. Remove it, or use one of: threshold, perClass.",
  ],
  [
    "a duplicated name",
    (source: string) => source.replace('name: "vehicles"', 'name: "cats"'),
    'packages/models/src/index.ts: `name` "cats" is declared twice. Rename one of them.',
  ],
  [
    "a syntax error",
    (source: string) => source.replace("gate:", "gate::"),
    "packages/models/src/vehicles.ts:9: has a syntax error: Expression expected. Correct the file.",
  ],
  [
    "an import that fails",
    (source: string) => `import "./wheels.ts";\n${source}`,
    `packages/models/src/vehicles.ts: cannot be loaded: Cannot find module '${project.root}/packages/models/src/wheels.ts'. Correct the file.`,
  ],
])("%s is one error line at start, synth and doctor", async (_, change, line) => {
  project.edit(vehicles, change);
  for (const command of [start, ["synth"], ["doctor"]])
    expect(await run("packages/cli/src/main.ts", ...command), command[0]).toEqual({
      code: 1,
      stdout: "",
      stderr: `MODEL_DECLARATION_INVALID: ${line}\n`,
    });
  expect(await run("scripts/synth/main.ts")).toEqual({ code: 1, stdout: "", stderr: `${line}\n` });
});

/** The SST platform, which `npm run synth` installs from the npm registry once. */
const platform = path.join(root, ".sst");

describe.skipIf(!existsSync(platform))("a start after the declarations have changed", () => {
  beforeAll(() =>
    cpSync(platform, path.join(project.root, ".sst"), { recursive: true, verbatimSymlinks: true }),
  );
  const changed = "the models or infra/ have changed: writing infra/cloud.lock.json again ...";

  test("writes the lock first, so that a new model has its rule and queue", async () => {
    project.edit(vehicles, (source) => source.replace('"uploads/vehicles/"', '"uploads/wheels/"'));
    const child = launchProject("packages/cli/src/main.ts", ...start, "--json");
    const closed = once(child, "close");
    const stderr = text(child.stderr);
    await Promise.race([once(createInterface({ input: child.stdout }), "line"), closed]);
    child.kill("SIGINT");
    await closed;
    expect(await stderr).toContain(changed);
    expect(await stderr).toContain("wrote infra/cloud.lock.json; review and commit it");
    const lock = readFileSync(path.join(project.root, "infra/cloud.lock.json"), "utf8");
    expect(lock).toContain("uploads/wheels/");
  }, 180_000);

  test("fails with the reason if the lock cannot be written", async () => {
    project.edit("infra/index.ts", (source) => `${source}\nthrow new Error("The bucket has no name.");`);
    const { code, stdout, stderr } = await run("packages/cli/src/main.ts", ...start);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(stderr).toContain(changed);
    expect(stderr).toMatch(
      /LOCK_STALE: .* could not be written: Error: The bucket has no name\.\n {2}Run `npm run synth`/,
    );
  }, 180_000);
});
