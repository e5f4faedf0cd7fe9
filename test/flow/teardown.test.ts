// A stage with a deployment in progress: a teardown removes what its functions made, and no function makes it again.
import {
  ApplicationAutoScalingClient,
  DescribeScalableTargetsCommand,
} from "@aws-sdk/client-application-auto-scaling";
import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient, DescribeLogGroupsCommand } from "@aws-sdk/client-cloudwatch-logs";
import {
  ListProcessingJobsCommand,
  ListTrainingJobsCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { provision } from "@sluice/core/deployment/request.ts";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { runCommand } from "../cli/command.ts";
import { startStage, type Stage } from "../support/cloud.ts";
import { writeLocalState } from "../support/local-state.ts";
import { differently } from "../support/package.ts";
import { packageOf } from "../support/sample.ts";

const model = "vehicles";
const dir = mkdtempSync(path.join(tmpdir(), "sluice-teardown-"));
let stage: Stage;
beforeAll(async () => {
  stage = await startStage();
  const { app, stage: name } = stage.cloud.kernel.graph;
  const { endpoint, environment } = stage.cloud;
  writeLocalState(dir, { endpoint, environment, app, stage: name, api: stage.apiUrl, live: stage.liveUrl });

  const bytes = await packageOf(model);
  const first = await stage.importPackage(model, bytes);
  const now = Date.now();
  const live = await provision({ model, version: first.version, target: "realtime" }, "test", now);
  const done = await stage.deployed(live.deployment!.id);
  expect(done.status, done.reason).toBe("live");
  const second = await stage.importPackage(
    model,
    await differently(bytes, { manifest: (given) => ({ ...given, training: { round: 2 } }) }),
  );
  const next = await provision(
    { model, version: second.version, target: "realtime", shares: [10], every: "12 hours" },
    "test",
    now,
  );
  await stage.deployed(next.deployment!.id, ({ step }) => step === "shifting");
}, 240_000);
afterAll(async () => {
  await stage.dispose();
  rmSync(dir, { recursive: true, force: true });
});

async function listEveryService() {
  const sagemaker = new SageMakerClient({});
  const [trainings, evaluations, targets, alarms, groups] = await Promise.all([
    sagemaker.send(new ListTrainingJobsCommand({})),
    sagemaker.send(new ListProcessingJobsCommand({})),
    new ApplicationAutoScalingClient({}).send(
      new DescribeScalableTargetsCommand({ ServiceNamespace: "sagemaker" }),
    ),
    new CloudWatchClient({}).send(new DescribeAlarmsCommand({ MaxRecords: 100 })),
    new CloudWatchLogsClient({}).send(
      new DescribeLogGroupsCommand({ logGroupNamePrefix: "/aws/sagemaker/Endpoints/" }),
    ),
  ]);
  return {
    endpoints: await stage.sagemakerNames("endpoint"),
    configs: await stage.sagemakerNames("endpoint-config"),
    models: await stage.sagemakerNames("model"),
    trainings: trainings.TrainingJobSummaries,
    evaluations: evaluations.ProcessingJobSummaries,
    targets: targets.ScalableTargets,
    alarms: alarms.MetricAlarms!.filter(({ AlarmName }) => AlarmName!.includes("-endpoint/")),
    groups: groups.logGroups,
  };
}

const nothing = {
  endpoints: [],
  configs: [],
  models: [],
  trainings: [],
  evaluations: [],
  targets: [],
  alarms: [],
  groups: [],
};

test("nothing is left, although a deployment is in progress and the schedules go on", async () => {
  const before = await listEveryService();
  expect(before.endpoints).toHaveLength(2);
  expect(before.targets).toHaveLength(1);
  expect(before.groups!.length).toBeGreaterThan(0);

  const { code, json, stderr } = await runCommand(["teardown", "--yes", "--json", "--dir", dir]);
  expect(stderr).toMatch(
    /\d+ functions are paused, the API included\. To run them again: npx sluice teardown --resume --dir/,
  );
  expect(json()).toMatchObject({ complete: true, failures: [] });
  expect(code).toBe(0);
  expect(await listEveryService()).toEqual(nothing);

  // The functions that create resources are due, and a client asks for them.
  await stage.shift(3 * 60_000);
  expect((await stage.api("/health")).status).toBeGreaterThanOrEqual(500);
  expect(await listEveryService()).toEqual(nothing);
});

test("with --resume, the paused functions run again", async () => {
  const { code, json } = await runCommand(["teardown", "--resume", "--json", "--dir", dir]);
  expect(code).toBe(0);
  expect(json().resumed).toContain("sluice-local-AdvanceDeploymentsFunction");
  await expect.poll(async () => (await stage.api("/health")).status, { timeout: 20_000 }).toBe(200);
});

test("with nothing found, the functions are not paused", async () => {
  const { code, stdout } = await runCommand(["teardown", "--dir", dir]);
  expect(code).toBe(0);
  expect(stdout).toContain("No resources found in stage local. Nothing was changed.");
  expect((await stage.api("/health")).status).toBe(200);
});
