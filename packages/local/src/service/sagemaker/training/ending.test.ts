import { expect, test } from "vitest";
import { cloud, create, ends, modelOf, reaches, stop, trainingCloud, works } from "./testing.ts";
import { expectErrorLog } from "../../../../../../test/support/error-log.ts";

trainingCloud();

test("a stopped job gets SIGTERM, keeps its model, and ends as Stopped", async () => {
  const name = await create({ HyperParameters: { do: "work" } });
  await works(name);
  await stop(name);
  expect(await ends(name)).toMatchObject({ TrainingJobStatus: "Stopped", SecondaryStatus: "Stopped" });
  expect(await modelOf(name)).toMatchObject({ job: name });
  await expect(stop(name)).rejects.toThrow(/Stopped/);
});

test("a job that exceeds its maximum runtime is stopped, and killed if it does not end", async () => {
  const name = await create({
    HyperParameters: { do: "stubborn" },
    StoppingCondition: { MaxRuntimeInSeconds: 60 },
  });
  await works(name);
  cloud.clock.shift(61_000);
  expect(await reaches(name, "Stopping")).toMatchObject({ SecondaryStatus: "Stopping" });
  cloud.clock.shift(120_000);
  expect(await ends(name)).toMatchObject({
    TrainingJobStatus: "Stopped",
    SecondaryStatus: "MaxRuntimeExceeded",
  });
});

test("a spot job that is interrupted starts again from its checkpoints", async () => {
  cloud.cloud.faults.set([{ point: "sagemaker:interrupt", kind: "delay", ms: 3_600_000, times: 1 }]);
  const name = await create({
    HyperParameters: { do: "work" },
    EnableManagedSpotTraining: true,
    StoppingCondition: { MaxRuntimeInSeconds: 36_000, MaxWaitTimeInSeconds: 72_000 },
    CheckpointConfig: { S3Uri: "s3://box/checkpoints/spot" },
  });
  await works(name);
  cloud.clock.shift(3_600_000);
  const job = await ends(name);
  expect(job).toMatchObject({ TrainingJobStatus: "Completed" });
  expect(job.SecondaryStatusTransitions!.map(({ Status }) => Status)).toEqual(
    expect.arrayContaining(["Interrupted", "Restarting"]),
  );
  expect(await modelOf(name)).toMatchObject({ step: 7 });
  cloud.cloud.faults.set([]);
});

test("a job waits until its progress can be written, and continues", async () => {
  expectErrorLog(/is not writable/);
  const { store, disk } = cloud.cloud.kernel;
  const name = await create();
  store.get("pragma query_only = on");
  await expect.poll(() => disk.lastError()?.code, { timeout: 20_000 }).toBe("DISK_NOT_WRITABLE");
  store.get("pragma query_only = off");
  cloud.clock.shift(1_000);
  expect(await ends(name)).toMatchObject({ TrainingJobStatus: "Completed" });
});
