// `sluice monitoring` on synthetic captures.
import { rebuildBaseline } from "@sluice/core/monitor/run.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { putCaptures, serveVersion } from "../support/captures.ts";
import { graphWithoutSchedules, startStage, type Stage } from "../support/cloud.ts";
import { runCommand } from "./command.ts";

const model = "cats";
const version = "aaaaaaaaaaaa";
const HOUR = 3_600_000;

let stage: Stage;
let token: string;
const start = Date.now() - 3 * HOUR;
beforeAll(async () => {
  stage = await startStage(graphWithoutSchedules());
  token = await stage.bearer();
}, 60_000);
afterAll(() => stage.dispose());

const run = (...args: string[]) =>
  runCommand(["monitoring", ...args, "--api", stage.apiUrl, "--token", token]);

test("an unknown model, a model without a live version and an unknown report are errors with hints", async () => {
  const unknown = await run("show", "horses");
  expect(unknown).toMatchObject({ code: 3, stderr: expect.stringContaining("MODEL_UNKNOWN") });
  const idle = await run("run", model);
  expect(idle).toMatchObject({ code: 1, stderr: expect.stringContaining("LIVE_VERSION_MISSING") });
  expect(idle.stderr).toContain("npx sluice provision");
  const missing = await run("report", "drp_0");
  expect(missing).toMatchObject({ code: 3, stderr: expect.stringContaining("REPORT_UNKNOWN") });
  expect(missing.stderr).toContain("npx sluice monitoring reports MODEL");
});

test("before the first captures, show and reports say what is missing", async () => {
  await serveVersion(model, version, new Date(start - HOUR).toISOString());
  const shown = await run("show", model);
  expect(shown.stdout).toMatch(/baseline +none[^]*schedule +1 day[^]*captured +100 %[^]*report +none yet/);
  expect(shown.stderr).toContain("The first 500 captured predictions form it");
  expect((await run("reports", model)).stdout).toContain(
    `${model} has no drift reports. Write one: npx sluice monitoring run ${model}`,
  );
  const early = await run("baseline", model, "--count", "60");
  expect(early.stderr).toMatch(/BASELINE_MISSING: 0 predictions .* a baseline needs 60/);
});

test("run, reports, report and show print a drift; --json prints documents", async () => {
  await putCaptures(stage, { model, version, count: 60, at: start, name: "day" });
  await putCaptures(stage, { model, version, count: 50, at: start + HOUR, brightness: 30, name: "night" });
  await rebuildBaseline(model, 60, Number.MAX_SAFE_INTEGER, {
    now: () => start + 60_000,
    print: () => {},
    sleep: () => Promise.resolve(),
    random: () => 0,
  });
  const done = await run("run", model);
  expect(done, done.stderr).toMatchObject({ code: 0 });
  expect(done.stdout).toMatch(/^drift {2}Brightness changed \(median 1\d\d/);
  expect(done.stdout).toMatch(/window +.*: 50 predictions of version aaaaaaaaaaaa/);
  expect(done.stdout).toMatch(/brightness +ks +1 +0\.2 .*yes/);
  expect(done.stdout).toMatch(/most changed: prd_night/);
  const reports = (await run("reports", model, "--json")).json().items;
  expect(reports).toMatchObject([{ status: "drift", count: 50 }]);
  const report = (await run("report", reports[0].id, "--json")).json();
  expect(report).toEqual(reports[0]);
  expect((await run("reports", model)).stdout).toMatch(/drift +accuracy \d+\.\d %/);
  const { stdout } = await run("show", model);
  expect(stdout).toMatch(/baseline +60 captured predictions[^]*drift {2}Brightness/);
});
