// What SageMaker's events may do on their way, done to a run by seed: shuffled, doubled, dropped. The record ends right.
import {
  DescribeTrainingJobCommand,
  ListTagsCommand,
  ListTrainingJobsCommand,
  SageMakerClient,
} from "@aws-sdk/client-sagemaker";
import { PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { db } from "@sluice/core/db.ts";
import { listEvents } from "@sluice/core/event/list.ts";
import { republishPending } from "@sluice/core/event/republish-pending.ts";
import { repairs } from "@sluice/core/reconcile/repairs.ts";
import { repairTraining } from "@sluice/core/training/repair.ts";
import { listActiveRuns, getRun } from "@sluice/core/training/read.ts";
import { handler } from "@sluice/functions/event/training.ts";
import { mockClient } from "aws-sdk-client-mock";
import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { edges, failure } from "./edges.ts";
import failing from "./events/training.json" with { type: "json" };
import { stage } from "./stage.ts";
import { expectErrorLog } from "../support/error-log.ts";

let cloud: Awaited<ReturnType<typeof stage>>;
const { bus, works, events } = edges();
const sagemaker = mockClient(SageMakerClient);
const job = "sluice-test-cats-1";
const began = Date.parse("2026-11-20T10:00:00Z");
const later = began + 3_600_000;
beforeAll(async () => {
  cloud = await stage();
});
afterAll(() => cloud.dispose());
beforeEach(() => {
  works();
  sagemaker.reset();
  sagemaker.on(ListTrainingJobsCommand).resolves({ TrainingJobSummaries: [] });
  sagemaker.on(DescribeTrainingJobCommand).rejects(failure("ResourceNotFound"));
});

const own = { "sluice:app": "sluice", "sluice:stage": "test", "sluice:model": "cats" };
const tagList = (tags: Record<string, string>) =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** A job that completed, as its events tell it step by step; times in every spelling SageMaker uses. */
const steps = ["Starting", "Downloading", "Training", "Uploading", "Completed"] as const;
const completing = steps.map((step, index) => {
  const at = began + index * 10_000;
  const over = step === "Completed";
  return {
    source: "aws.sagemaker",
    time: new Date(at).toISOString(),
    detail: {
      TrainingJobName: job,
      TrainingJobStatus: over ? "Completed" : "InProgress",
      SecondaryStatus: step,
      SecondaryStatusTransitions: steps
        .slice(0, index + 1)
        .map((Status, nth) => ({ Status, StartTime: began + nth * 10_000 })),
      HyperParameters: { epochs: "3" },
      CreationTime: String(began),
      LastModifiedTime: index % 2 ? at : String(at),
      ...(over && { TrainingEndTime: new Date(at).toISOString() }),
      Tags: own,
    },
  };
});

const whole = {
  TrainingJobName: job,
  TrainingJobStatus: "Completed" as const,
  SecondaryStatus: "Completed" as const,
  SecondaryStatusTransitions: steps.map((Status, nth) => ({
    Status,
    StartTime: new Date(began + nth * 10_000),
  })),
  HyperParameters: { epochs: "3", model: "cats" },
  ModelArtifacts: { S3ModelArtifacts: `s3://artifacts/training/${job}/output/model.tar.gz` },
  FinalMetricDataList: [{ MetricName: "validation:accuracy", Value: 0.91, Timestamp: new Date(later) }],
  BillableTimeInSeconds: 40,
  CreationTime: new Date(began),
  LastModifiedTime: new Date(began + 40_000),
  TrainingEndTime: new Date(began + 40_000),
};

async function forget() {
  await db().entities.trainingRun.delete({ name: job }).go();
}

/** Any of them, in any order, some again. */
const disorder = <T>(all: T[]) =>
  fc.tuple(fc.shuffledSubarray(all), fc.shuffledSubarray(all)).map(([some, again]) => [...some, ...again]);

const reconcile = async (now: number) => {
  const found = repairs();
  await repairTraining(now, found);
  found.end();
};

describe("A job of another stage", () => {
  const foreign = { ...own, "sluice:stage": "test-eu" };
  beforeEach(forget);

  test("is ignored, although its model is declared here and its name starts with this stage's prefix", async () => {
    sagemaker.on(DescribeTrainingJobCommand).resolves(whole as object);
    for (const event of completing) await handler({ ...event, detail: { ...event.detail, Tags: foreign } });
    await expect(getRun(job)).rejects.toMatchObject({ code: "TRAINING_UNKNOWN" });
    // The same job, with this stage's tags.
    for (const event of completing) await handler(event);
    expect(await getRun(job)).toMatchObject({ status: "Completed" });
  });

  test("is not recorded by the reconciler either", async () => {
    sagemaker.on(DescribeTrainingJobCommand).resolves(whole as object);
    sagemaker
      .on(ListTrainingJobsCommand)
      .resolves({ TrainingJobSummaries: [{ TrainingJobName: job, TrainingJobArn: `arn:${job}` }] as never });
    sagemaker.on(ListTagsCommand).resolves({ Tags: tagList(foreign) });
    await reconcile(Date.now() + 3_600_000);
    await expect(getRun(job)).rejects.toMatchObject({ code: "TRAINING_UNKNOWN" });
  });
});

describe("A run", () => {
  test("that completed is recorded as completed, with any lost or reordered events", async () => {
    sagemaker.on(DescribeTrainingJobCommand).resolves(whole as object);
    sagemaker
      .on(ListTrainingJobsCommand)
      .resolves({ TrainingJobSummaries: [{ TrainingJobName: job, TrainingJobArn: `arn:${job}` }] as never });
    sagemaker.on(ListTagsCommand).resolves({ Tags: tagList(own) });
    await fc.assert(
      fc.asyncProperty(disorder(completing), async (some) => {
        await forget();
        for (const event of some) await handler(event);
        // An hour later than anything that was just written.
        await reconcile(Date.now() + 3_600_000);
        const { changedAt: _, ...run } = await getRun(job);
        expect(run).toMatchObject({
          model: "cats",
          status: "Completed",
          secondaryStatus: "Completed",
          artifact: whole.ModelArtifacts.S3ModelArtifacts,
          metrics: { "validation:accuracy": 0.91 },
          billableSeconds: 40,
          createdAt: new Date(began).toISOString(),
          finishedAt: new Date(began + 40_000).toISOString(),
        });
        expect(run.steps?.map(({ status }) => status)).toEqual(steps);
        expect(await listActiveRuns()).toEqual([]);
      }),
      { seed: 21, numRuns: 20 },
    );
  });

  test("that failed is recorded as failed with its reason, in any order of its events", async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(failing, { minLength: failing.length }), async (list) => {
        await forget();
        for (const event of list) await handler(event);
        expect(await getRun(job)).toMatchObject({
          status: "Failed",
          failureReason: "AlgorithmError: no images",
          finishedAt: "2020-03-10T09:19:50.000Z",
          hyperparameters: { epochs: "50" },
        });
      }),
      { seed: 12, numRuns: 15 },
    );
  });

  test("keeps its last status when its job is deleted", async () => {
    await forget();
    for (const event of failing) await handler(event);
    const [first] = failing;
    const detail = {
      ...first!.detail,
      TrainingJobStatus: "Deleting",
      LastModifiedTime: Date.parse("2020-03-11T00:00:00Z"),
    };
    await handler({ ...first, detail });
    expect(await getRun(job)).toMatchObject({ status: "Failed" });
  });

  test("publishes each status once; the reconciler publishes what EventBridge rejected", async () => {
    const other = "sluice-test-cats-3";
    const [starting, downloading] = completing.map((event) => ({
      ...event,
      detail: { ...event.detail, TrainingJobName: other },
    }));
    bus.on(PutEventsCommand).rejects(failure("ServiceUnavailable"));
    await handler(starting);
    await handler(starting);
    works();
    await handler(downloading);
    const told = () => events().map(({ detail }) => detail.secondaryStatus);
    expect(told()).toEqual(["Downloading"]);
    await republishPending(Date.now() + 60_000);
    expect(told()).toEqual(["Downloading", "Starting"]);
    const { items } = await listEvents({ subject: other }, Date.now());
    expect(items.map(({ detail }) => detail["secondaryStatus"])).toEqual(["Downloading", "Starting"]);
  });

  test("that cannot be described does not stop the repair of others, and the failure is logged", async () => {
    expectErrorLog(/Could not be repaired/);
    await forget();
    await handler(completing[0]);
    await handler({
      ...completing[0],
      detail: { ...completing[0]!.detail, TrainingJobName: "sluice-test-cats-2" },
    });
    sagemaker.on(DescribeTrainingJobCommand).resolves({ ...(whole as object), TrainingJobName: "x" });
    sagemaker.on(DescribeTrainingJobCommand, { TrainingJobName: job }).rejects(failure("InternalFailure"));
    await expect(reconcile(Date.now() + 3_600_000)).rejects.toMatchObject({ code: "REPAIR_INCOMPLETE" });
    expect(await getRun(job)).toMatchObject({ status: "InProgress" });
    expect(await getRun("sluice-test-cats-2")).toMatchObject({ status: "Completed" });
  });

  test("is not created for a job of another application", async () => {
    const { Tags: _, ...detail } = completing[0]!.detail;
    await handler({ ...completing[0], detail: { ...detail, TrainingJobName: "theirs" } });
    await expect(getRun("theirs")).rejects.toMatchObject({ code: "TRAINING_UNKNOWN" });
  });
});
