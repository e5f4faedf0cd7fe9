// Endpoints: creation, invocation, failures, deletion and restarts.
import { statSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { expectErrorLog } from "../../../../../../test/support/error-log.ts";
import { endpointTests } from "./testing.ts";

const { kernel, restart, request, createConfig, createEndpoint, changed, invoke, statuses } = endpointTests();

test("an endpoint serves its model from a real process, and publishes events in SageMaker's casing", async () => {
  await createConfig("one");
  expect(await createEndpoint("one", { Tags: [{ Key: "app", Value: "x" }] })).toMatchObject({
    EndpointStatus: "InService",
    EndpointConfigName: "one",
  });
  expect(await invoke("hello")).toBe("one:hello:text/plain");
  expect(statuses()).toEqual(["CREATING", "IN_SERVICE"]);
  // In the package it has setuid, setgid and execute bits.
  const unpacked = path.join(kernel().dir("sagemaker"), "endpoints/e/one/main/model/answer.txt");
  expect(statSync(unpacked).mode & 0o7777).toBe(0o600);
  expect(kernel().events.at(-1)!.detail).toMatchObject({
    EndpointName: "e",
    Tags: { app: "x" },
    LastModifiedTime: expect.any(Number),
  });
});

test("a container that cannot start leaves the endpoint Failed with the reason", async () => {
  await createConfig("crash");
  expect(await createEndpoint("crash")).toMatchObject({
    EndpointStatus: "Failed",
    FailureReason: expect.stringContaining("ping health check"),
  });
});

test("errors of the container are ModelErrors with its status and message; a crashed container restarts", async () => {
  await createConfig("one");
  await createEndpoint("one");
  await expect(invoke("bad")).rejects.toMatchObject({
    code: "ModelError",
    status: 424,
    fields: { OriginalStatusCode: 400 },
  });
  await expect(invoke("die")).rejects.toMatchObject({
    code: "ModelError",
    fields: {
      OriginalStatusCode: 0,
      OriginalMessage: expect.stringContaining("could not get a response from the e endpoint"),
    },
  });
  await expect.poll(() => invoke("again").catch(() => ""), { timeout: 10_000 }).toBe("one:again:text/plain");
});

test("a serverless endpoint throttles above its concurrency and scales to zero when idle", async () => {
  await createConfig("one", { ServerlessConfig: { MemorySizeInMB: 2048, MaxConcurrency: 1 } });
  await createEndpoint("one");
  const [first, second] = await Promise.allSettled([invoke("a"), invoke("b")]);
  expect(first.status).toBe("fulfilled");
  expect(second).toMatchObject({ reason: { code: "ThrottlingException", status: 429 } });
  await kernel().clock.advance(10 * 60_000);
  expect(await invoke("after a cold start")).toMatch(/^one:/);
});

test("endpoints serve again after a restart of the cloud", async () => {
  await createConfig("one");
  await createEndpoint("one");
  await restart();
  expect(await invoke("back")).toMatch(/^one:/);
});

test("deleting an endpoint stops its process and frees the name", async () => {
  await createConfig("one");
  await createEndpoint("one");
  await expect(request("DeleteEndpointConfig", { EndpointConfigName: "one" })).rejects.toThrow(/in use/);
  await request("DeleteEndpoint", { EndpointName: "e" });
  await expect
    .poll(() =>
      request("DescribeEndpoint", { EndpointName: "e" }).then(
        () => "there",
        () => "gone",
      ),
    )
    .toBe("gone");
});

test("an endpoint is InService once its record can be written", async () => {
  expectErrorLog(/is not writable/);
  const { store, disk, clock } = kernel();
  await createConfig("v1");
  await request("CreateEndpoint", { EndpointName: "e", EndpointConfigName: "v1" });
  store.get("pragma query_only = on");
  await expect.poll(() => disk.lastError()?.code, { timeout: 20_000 }).toBe("DISK_NOT_WRITABLE");
  await clock.advance(3_000);
  expect((await request("DescribeEndpoint", { EndpointName: "e" })).EndpointStatus).toBe("Creating");
  store.get("pragma query_only = off");
  await clock.advance(1_000);
  expect((await changed()).EndpointStatus).toBe("InService");
});
