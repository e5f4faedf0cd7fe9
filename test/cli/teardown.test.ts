// `sluice teardown` on a cloud with the resources of three stages: it removes those of one.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { jobCloud, type JobCloud } from "@sluice/local/service/sagemaker/job/testing.ts";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeLocalState } from "../support/local-state.ts";
import { runCommand } from "./command.ts";
import { openResources, type Listed, type Stage } from "./teardown.ts";

const dir = mkdtempSync(path.join(tmpdir(), "sluice-teardown-"));
const own: Stage = { app: "sluice", stage: "prod" };
const neighbours: Stage[] = [
  { app: "sluice", stage: "prod-eu" },
  { app: "sluice-prod", stage: "eu" },
];
let box: JobCloud;
let resources: ReturnType<typeof openResources>;
let ofNeighbours: Listed[];

beforeAll(async () => {
  box = await jobCloud();
  resources = openResources(box);
  useStage("prod");
  for (const stage of [own, ...neighbours]) await resources.create(stage);
  for (const stage of [own, ...neighbours]) await resources.startJobs(stage);
  const all = withoutStreams(await resources.list());
  ofNeighbours = all.filter(({ owner }) => owner !== "sluice/prod");
}, 120_000);
afterAll(async () => {
  await box.dispose();
  rmSync(dir, { recursive: true, force: true });
});

const withoutStreams = (all: Listed[]) => all.filter(({ kind }) => kind !== "stream");
const useStage = (stage: string) =>
  writeLocalState(dir, {
    endpoint: box.cloud.endpoint,
    environment: box.cloud.environment,
    app: "sluice",
    stage,
  });
const teardown = (...args: string[]) => runCommand(["teardown", "--dir", dir, ...args]);
async function faults(...rules: object[]) {
  const body = JSON.stringify({ rules });
  expect((await fetch(`${box.cloud.endpoint}/_cloud/faults`, { method: "PUT", body })).ok).toBe(true);
}

test("a dry run lists every kind with its count and cost, and removes nothing", async () => {
  const before = withoutStreams(await resources.list());
  const { code, json } = await teardown("--dry-run", "--json");
  expect(code).toBe(0);
  const { groups, count, dollarsPerMonth, dollarsPerHourOfJobs, removed } = json();
  const counts = Object.fromEntries(groups.map((group: any) => [group.kind, group.count]));
  expect(counts).toEqual({
    "scalable targets": 1,
    endpoints: 1,
    alarms: 2,
    "log groups of endpoints": 1,
    "training jobs": 2,
    "processing jobs": 1,
    "endpoint configs": 1,
    models: 1,
  });
  expect(count).toBe(10);
  expect(removed).toBe(0);
  // One ml.m5.large for 730 hours, and one of a training and of an evaluation for an hour each.
  expect(dollarsPerMonth).toBeCloseTo(83.95, 2);
  expect(dollarsPerHourOfJobs).toBeCloseTo(0.23, 4);
  expect(withoutStreams(await resources.list())).toEqual(before);
  const { stdout } = await teardown("--dry-run");
  expect(stdout).toMatch(/SageMaker\n {2}1 endpoints {2}\$83\.95 a month/);
});

test("without a terminal and --yes nothing is removed", async () => {
  const before = withoutStreams(await resources.list());
  const { code, stderr } = await teardown();
  expect(code).toBe(2);
  expect(stderr).toContain("--yes");
  expect(withoutStreams(await resources.list())).toEqual(before);
});

test("with nothing found, it asks nothing and changes nothing", async () => {
  useStage("empty");
  const { code, stdout, stderr } = await teardown();
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(stdout).toContain("No resources found in stage empty. Nothing was changed.");
  useStage("prod");
});

test("a service that cannot be listed is not an empty stage", async () => {
  useStage("empty");
  await faults({ point: "sagemaker:ListModels", kind: "error", code: "AccessDeniedException", status: 400 });
  const { code, stdout } = await teardown();
  await faults();
  expect(code).toBe(1);
  expect(stdout).toContain("but 1 lists could not be read. Nothing was changed.");
  useStage("prod");
});

test("a protected stage must be named, and is then removed with `protect: false`", async () => {
  const production = { app: "sluice", stage: "production" };
  useStage("production");
  const refused = await teardown("--yes");
  expect(refused.code).toBe(2);
  expect(refused.stderr).toContain("--stage production");
  const empty = await teardown("--stage", "production", "--yes", "--json");
  expect(empty.json()).toMatchObject({ removed: 0, complete: true });
  await resources.createModels(production, 1);
  const { code, stdout } = await teardown("--stage", "production", "--yes");
  expect(code).toBe(0);
  expect(stdout).toContain(
    "The stage `production` is protected. Set `protect: false` in sst.config.ts and deploy, then run `npx sst remove`.",
  );
  expect(stdout).toContain("S3 objects, records and images are not removed.");
  useStage("prod");
});

test("a URL does not identify an account", async () => {
  const { code, stderr } = await runCommand(["teardown", "--api", "http://localhost:1", "--stage", "prod"]);
  expect(code).toBe(2);
  expect(stderr).toContain("`teardown` cannot use --api: a URL does not identify an AWS account.");
});

test("what cannot be removed is listed with its fix, and the command fails", async () => {
  await faults(
    { point: "sagemaker:DeleteModel", kind: "error", code: "AccessDeniedException", status: 400 },
    { point: "cloudwatch:DescribeAlarms", kind: "error", code: "ThrottlingException", status: 400, times: 2 },
  );
  const { code, json } = await teardown("--yes", "--json");
  await faults();
  expect(code).toBe(1);
  const { removed, complete, left, failures } = json();
  expect({ removed, complete, left: left.count }).toEqual({ removed: 9, complete: false, left: 1 });
  expect(failures).toEqual([
    {
      kind: "models",
      name: expect.stringContaining("sluice-prod-cats"),
      reason: expect.stringContaining("AccessDenied"),
      fix: expect.stringContaining("Allow"),
    },
  ]);
});

test("a service that cannot be listed is a failure", async () => {
  await faults({
    point: "logs:DescribeLogGroups",
    kind: "error",
    code: "AccessDeniedException",
    status: 400,
  });
  const { code, json } = await teardown("--yes", "--json");
  await faults();
  expect(code).toBe(1);
  expect(json()).toMatchObject({ complete: false, failures: [{ kind: "log groups of endpoints" }] });
});

test("run again, it removes the rest; nothing of the stage is left, and other stages are untouched", async () => {
  const { code, json } = await teardown("--yes", "--json");
  expect(code).toBe(0);
  expect(json()).toMatchObject({ complete: true, failures: [], left: { count: 0 } });
  const left = await resources.list();
  expect(left.filter(({ owner }) => owner === "sluice/prod")).toEqual([]);
  expect(withoutStreams(left)).toEqual(ofNeighbours);
  // Their waiting jobs may have started since.
  const streams = left.filter(({ kind }) => kind === "stream");
  expect(streams.filter(({ name }) => name.includes("ended"))).toHaveLength(2 * neighbours.length);
});

test("lists of several pages are removed completely", async () => {
  await resources.createModels(own, 120);
  const { json } = await teardown("--yes", "--json");
  expect(json()).toMatchObject({ removed: 120, complete: true });
  expect((await resources.list()).filter(({ owner }) => owner === "sluice/prod")).toEqual([]);
}, 60_000);
