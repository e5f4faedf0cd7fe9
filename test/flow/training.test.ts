// Labels become a trained package: real functions, a real training in a child process, events that lead from one to the next.
import { StopTrainingJobCommand, SageMakerClient } from "@aws-sdk/client-sagemaker";
import type { EventRecord } from "@sluice/core/event/list.ts";
import type { Import } from "@sluice/core/label/import.ts";
import { reconcile } from "@sluice/core/reconcile/reconcile.ts";
import type { Trace } from "@sluice/core/trace/trace.ts";
import { hasEnded, type TrainingRun } from "@sluice/core/training/training.ts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { committedGraph, startStage, type Stage } from "../support/cloud.ts";
import { sampleOf } from "../support/sample.ts";
import { until } from "../support/until.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await startStage(withoutTrainingEvents());
  await label("vehicles", 60);
}, 120_000);
afterAll(() => stage.dispose());

const patience = 90_000;

/** SageMaker's events of stopped jobs never come: the reconciler has to find out. */
function withoutTrainingEvents() {
  const graph = committedGraph();
  for (const { name, inputs } of graph.resources) {
    if (name !== "TrainingChanges") continue;
    const pattern = JSON.parse(String(inputs["eventPattern"]));
    pattern.detail.TrainingJobStatus = ["InProgress", "Completed", "Failed"];
    inputs["eventPattern"] = JSON.stringify(pattern);
  }
  return graph;
}

async function call<T>(route: string, body?: object, method = body ? "POST" : "GET"): Promise<T> {
  const answer = await stage.api(route, { method, body });
  const json = (await answer.json()) as T;
  if (!answer.ok)
    throw Object.assign(new Error(JSON.stringify(json)), { problem: json, status: answer.status });
  return json;
}

/** Pictures, and a file with their labels. */
async function label(model: string, count: number) {
  const lines = ["file,label"];
  for (let index = 0; index < count; index++) {
    const { bytes, label } = await sampleOf(model, index);
    const { key } = await stage.upload(`data/${model}/${label}/${index}.jpg`, bytes);
    lines.push(`${key},${label}`);
  }
  await stage.upload(`labels/${model}/all.csv`, lines.join("\n"));
  await until(async () => {
    const { items } = await call<{ items: Import[] }>(`/labels/${model}/imports`);
    if (items[0]?.status !== "done") throw new Error(JSON.stringify(items));
  }, patience);
}

const train = (body: object, model = "vehicles") =>
  call<TrainingRun>(`/models/${model}/training`, { container: "probe", epochs: 3, ...body });

const runIs = (name: string, wanted: (run: TrainingRun) => boolean) =>
  until(async () => {
    const run = await call<TrainingRun>(`/training/${name}`);
    if (wanted(run)) return run;
    throw new Error(`${run.status} ${run.secondaryStatus} ${run.failureReason}`);
  }, patience);

const problem = (asked: Promise<unknown>) =>
  asked.then(
    () => undefined,
    (error: { status: number; problem: object }) => ({ status: error.status, ...error.problem }),
  );

describe("a training", () => {
  let first: TrainingRun;

  test("leads from a request to a package, one per model at a time, with an event for each step", async () => {
    const asked = await train({});
    expect(asked).toMatchObject({ status: "Preparing", model: "vehicles", requestedBy: "owner" });
    expect(asked.name).toMatch(/^sluice-local-vehicles-\d{14}-[0-9a-f]{4}$/);
    expect(await problem(train({}))).toMatchObject({ status: 409, code: "TRAINING_BUSY" });

    first = await runIs(asked.name, ({ status }) => hasEnded(status));
    expect(first).toMatchObject({
      status: "Completed",
      container: "probe",
      hyperparameters: { epochs: "3", task: "image-classification", seed: "1" },
      artifact: expect.stringMatching(new RegExp(`/training/${asked.name}/output/model.tar.gz$`)),
      metrics: { "validation:accuracy": expect.any(Number), "train:loss": expect.any(Number) },
    });
    expect(first.cost?.dollars).toBeCloseTo((first.billableSeconds! / 3_600) * 0.23, 6);
    expect(first.steps?.map(({ status }) => status)).toEqual([
      "Starting",
      "Downloading",
      "Training",
      "Uploading",
      "Completed",
    ]);
    const { items } = await call<{ items: EventRecord[] }>(`/events?subject=${asked.name}&limit=50`);
    const told = items.map(({ detail }) => String(detail["secondaryStatus"] ?? detail["status"]));
    expect(told.at(-1)).toBe("Preparing");
    expect(told[0]).toBe("Completed");
  }, 120_000);

  test("has a log in pages and the metrics of every epoch", async () => {
    const lines: string[] = [];
    let cursor = "";
    for (;;) {
      const page = await call<{ items: { line: string }[]; cursor: string; over: boolean }>(
        `/training/${first.name}/logs?limit=4${cursor && `&cursor=${cursor}`}`,
      );
      lines.push(...page.items.map(({ line }) => line));
      cursor = page.cursor;
      if (page.over && page.items.length === 0) break;
    }
    const whole = await call<{ items: { line: string }[] }>(`/training/${first.name}/logs?limit=1000`);
    expect(lines).toEqual(whole.items.map(({ line }) => line));
    expect(lines.filter((line) => line.startsWith("epoch="))).toHaveLength(3);

    const { points, last, epochs } = await call<{
      points: { epoch: number; values: Record<string, number> }[];
      last: Record<string, number>;
      epochs: number;
    }>(`/training/${first.name}/metrics`);
    expect(points.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(epochs).toBe(3);
    for (const { values } of points)
      expect(Object.keys(values)).toEqual(["train:loss", "validation:loss", "validation:accuracy"]);
    expect(last).toEqual(first.metrics);
  });

  test("is traced from its dataset to its version", async () => {
    await until(async () => {
      const { links } = await call<Trace>(`/trace?id=${first.dataset}`);
      const kinds = links.map(({ kind }) => kind);
      expect(kinds).toEqual(expect.arrayContaining(["dataset", "run", "version"]));
      expect(links.find(({ kind }) => kind === "version")?.from).toBe(first.name);
    }, patience);
    expect(await problem(call("/trace?id=no/such/thing.jpg"))).toMatchObject({
      status: 404,
      code: "TRACE_UNKNOWN",
    });
  });

  test("stopped before its job starts is stopped at once, and another one can start", async () => {
    const asked = await train({});
    const stopped = await call<TrainingRun>(`/training/${asked.name}/stop`, {});
    expect(["Stopped", "Preparing", "Stopping", "InProgress"]).toContain(stopped.status);
    const over = await until(async () => {
      await reconcileLater();
      const run = await call<TrainingRun>(`/training/${asked.name}`);
      if (!hasEnded(run.status)) throw new Error(run.status);
      return run;
    }, patience);
    expect(over.status).toBe("Stopped");
    expect(await problem(call(`/training/${asked.name}/stop`, {}))).toMatchObject({
      status: 409,
      code: "TRAINING_ENDED",
    });
  }, 120_000);

  test("stopped while it runs is recorded by the reconciler if its last event is lost", async () => {
    const { name } = await train({ epochs: 10_000, patience: 10_000, skipDataPrep: true });
    await runIs(name, ({ secondaryStatus }) => secondaryStatus === "Training");
    await new SageMakerClient({}).send(new StopTrainingJobCommand({ TrainingJobName: name }));
    await until(async () => {
      await reconcileLater();
      const run = await call<TrainingRun>(`/training/${name}`);
      expect(run).toMatchObject({ status: "Stopped" });
    }, patience);
  }, 120_000);

  /** As the clock's function, when everything written so far is old enough to be looked at, by itself as well. */
  let later = 0;
  const reconcileLater = () => reconcile(Date.now() + (later += 10 * 60_000));
});

describe("a request", () => {
  test.each([
    [{ epochs: 0 }, "epochs"],
    [{ learningRate: 0 }, "learningRate"],
    [{ dropoutRate: 1 }, "dropoutRate"],
    [{ batchSize: 1.5 }, "batchSize"],
    [{ epochs: "3" }, "epochs"],
    [{ epoch: 3 }, "epoch"],
    [{ instance: "m5.large" }, "instance"],
    [{ platform: "mars" }, "platform"],
    [{ dataset: "mine" }, "dataset"],
    [{ hyperparameters: { a: 1 } }, "hyperparameters"],
  ])("with an invalid field is rejected with the name of the field: %j", async (body, field) => {
    const refused = await problem(train(body));
    expect(refused).toMatchObject({ status: 400 });
    expect(JSON.stringify(refused)).toContain(field);
  });

  test.each([
    ["dogs", {}, 404, "MODEL_UNKNOWN"],
    ["compliance", { container: undefined }, 400, "TRAINER_UNAVAILABLE"],
    ["blueprints", {}, 400, "TRAINER_UNAVAILABLE"],
    ["cats", { skipDataPrep: true }, 404, "DATASET_UNKNOWN"],
    ["cats", { dataset: "ds_000000000000" }, 404, "DATASET_UNKNOWN"],
    [
      "cats",
      { platform: "811284229777.dkr.ecr.us-east-1.amazonaws.com/blazingtext:1" },
      400,
      "TRAINER_UNAVAILABLE",
    ],
    ["cats", { container: "builtin", platform: "local" }, 400, "TRAINER_UNAVAILABLE"],
  ])("of %s that is impossible is rejected with the reason: %j", async (model, body, status, code) => {
    expect(await problem(train(body, model))).toMatchObject({ status, code });
  });

  test("for SageMaker's own algorithm fails on this machine at once, with the place where it runs", async () => {
    const { name } = await train({ container: "builtin", force: true });
    expect(await runIs(name, ({ status }) => hasEnded(status))).toMatchObject({
      status: "Failed",
      container: "builtin",
      instance: "ml.g4dn.xlarge",
      failureReason: expect.stringMatching(/does not build the image \S+image-classification:1,.*on AWS/),
    });
  });

  test("without labels ends as a failed run with that reason", async () => {
    const { name } = await train({ dropoutRate: 0 }, "cats");
    expect(await runIs(name, ({ status }) => hasEnded(status))).toMatchObject({
      status: "Failed",
      failureReason: expect.stringMatching(/nothing is labeled/),
      hyperparameters: { dropoutRate: "0" },
    });
  }, 60_000);
});
