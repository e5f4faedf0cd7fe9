// A start after the declarations have changed. `npm run synth` has installed SST's platform from the npm registry.
import { once } from "node:events";
import { cpSync, readFileSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchIn, runIn } from "../cli/project.ts";
import { copyProject } from "../support/project.ts";
import { root } from "../support/sample.ts";

const project = copyProject();
afterAll(project.remove);

const vehicles = "packages/models/src/vehicles.ts";
const start = ["start", "--no-samples", "--port", "0", "--dir", ".sluice"];

beforeAll(() =>
  cpSync(path.join(root, ".sst"), path.join(project.root, ".sst"), {
    recursive: true,
    verbatimSymlinks: true,
  }),
);
const changed = "the models or infra/ have changed: writing infra/cloud.lock.json again ...";

test("writes the lock first, so that a new model has its rule and queue", async () => {
  project.edit(vehicles, (source) => source.replace('"uploads/vehicles/"', '"uploads/wheels/"'));
  const child = launchIn(project.root, "packages/cli/src/main.ts", ...start, "--json");
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
  const { code, stdout, stderr } = await runIn(project.root, "packages/cli/src/main.ts", ...start);
  expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
  expect(stderr).toContain(changed);
  expect(stderr).toMatch(
    /LOCK_STALE: .* could not be written: Error: The bucket has no name\.\n {2}Run `npm run synth`/,
  );
}, 180_000);
