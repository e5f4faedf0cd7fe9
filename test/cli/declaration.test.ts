// A faulty model declaration: one clear line at every command that needs the models, and no stack.
import { afterAll, expect, test } from "vitest";
import { copyProject } from "../support/project.ts";
import { runIn } from "./project.ts";

const project = copyProject();
afterAll(project.remove);

const run = (program: string, ...args: string[]) => runIn(project.root, program, ...args);
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
