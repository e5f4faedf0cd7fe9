import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { testKernel, type TestKernel } from "../../kernel/testing.ts";
import { sqs } from "../sqs/plugin.ts";
import { events } from "./plugin.ts";
import { FUNCTION, MISSING, graph, queueUrl, resource, eventCalls } from "./testing.ts";
import { expectErrorLog } from "../../../../../test/support/error-log.ts";

let kernel: TestKernel;
const MINUTE = 60_000;
const { received, payloads, upload, put, watch } = eventCalls(() => kernel);

beforeEach(async () => {
  kernel = await testKernel({ plugins: [sqs, events], graph });
});
afterEach(() => kernel.dispose());

describe("an event of a service", () => {
  test("reaches the queue of every matching rule unchanged", async () => {
    upload("uploads/cats/a b+ü.jpg");
    upload("uploads/dogs/rex.jpg");
    const [message, ...more] = await received("cats");
    expect(more).toEqual([]);
    expect(JSON.parse(message.Body)).toMatchObject({
      version: "0",
      source: "aws.s3",
      "detail-type": "Object Created",
      account: "000000000000",
      region: "us-east-1",
      time: "2026-01-01T00:00:00Z",
      resources: ["arn:aws:s3:::uploads"],
      detail: { object: { key: "uploads/cats/a b+ü.jpg" } },
    });
  });

  test("is delivered after its cause is committed", async () => {
    const failing = () =>
      kernel.store.tx(() => {
        upload("uploads/cats/never.jpg");
        throw new Error("no such object after all");
      });
    expect(failing).toThrow("after all");
    expect(await received("cats")).toEqual([]);
    upload("uploads/cats/kept.jpg");
    // Stopped before anything was delivered.
    kernel = await kernel.restart();
    expect(await received("cats")).toHaveLength(1);
  });

  test("is delivered twice or late by a fault rule", async () => {
    kernel.faults.set([
      { point: "events:deliver", kind: "duplicate", times: 1 },
      { point: "events:deliver", kind: "delay", ms: 5000, times: 1 },
      { point: "events:deliver", kind: "error", code: "Lost", when: "after", times: 1 },
    ]);
    upload("uploads/cats/twice.jpg");
    expect(await received("cats")).toHaveLength(2);
    upload("uploads/cats/late.jpg");
    expect(await received("cats")).toEqual([]);
    await kernel.clock.advance(5000);
    expect(await received("cats")).toHaveLength(1);
    upload("uploads/cats/reply-lost.jpg");
    expect(await received("cats")).toHaveLength(2);
  });
});

describe("a target that rejects an event", () => {
  const deadLetter = async () => {
    const [message] = await received("undeliverable");
    return Object.fromEntries(
      Object.entries<any>(message.MessageAttributes).map(([name, { StringValue }]) => [name, StringValue]),
    );
  };

  test("is retried with growing delays until it accepts", async () => {
    kernel.faults.set([
      { point: "events:deliver", kind: "error", code: "ServiceUnavailable", status: 503, times: 1 },
    ]);
    upload("uploads/cats/a.jpg");
    expect(await received("cats")).toEqual([]);
    await kernel.clock.advance(1000);
    expect(await received("cats")).toHaveLength(1);
  });

  test("has its events moved to the dead-letter queue at once if it was deleted, with the reason", async () => {
    await kernel.call("sqs", "DeleteQueue", { QueueUrl: queueUrl("cats") });
    upload("uploads/cats/a.jpg");
    expect(await deadLetter()).toEqual({
      RULE_ARN: "arn:aws:events:us-east-1:000000000000:rule/CatsUploads",
      TARGET_ARN: "arn:aws:sqs:us-east-1:000000000000:cats",
      ERROR_CODE: "NO_RESOURCE",
      ERROR_MESSAGE: "The specified queue does not exist.",
      RETRY_ATTEMPTS: "0",
    });
  });

  test.each([
    ["MaximumRetryAttempts", { maximumRetryAttempts: 2 }, "2"],
    ["MaximumEventAgeInSeconds", { maximumEventAgeInSeconds: 60 }, undefined],
  ])("is not retried beyond %s", async (condition, retryPolicy, retries) => {
    expectErrorLog(/Delivery to .* failed unexpectedly: Error: busy/);
    await kernel.dispose();
    const busy = {
      name: "busy",
      arns: ["lambda"],
      resources: {},
      start: () => ({
        operations: {},
        access: () => [],
        accept() {
          throw Object.assign(new Error("busy"), { code: "Busy" });
        },
      }),
    };
    const target = resource("Busy", "cloudwatch/eventTarget:EventTarget", {
      rule: "CatsUploads",
      arn: FUNCTION,
      deadLetterConfig: { arn: "${Undeliverable.arn}" },
      retryPolicy,
    });
    kernel = await testKernel({
      plugins: [sqs, busy, events],
      graph: { resources: [...graph.resources.filter(({ name }) => name !== "EveryTarget"), target] },
    });
    upload("uploads/cats/a.jpg");
    await kernel.clock.advance(2 * MINUTE);
    const attributes = await deadLetter();
    expect(attributes).toMatchObject({ EXHAUSTED_RETRY_CONDITION: condition, ERROR_CODE: "INTERNAL_ERROR" });
    if (retries) expect(attributes.RETRY_ATTEMPTS).toBe(retries);
  });

  test("is logged if it has no dead-letter queue", async () => {
    await watch({ Arn: MISSING });
    await put({});
    await kernel.clock.advance(0);
    expect(kernel.logs).toMatchObject([{ level: "warn", about: { target: MISSING, code: "NO_RESOURCE" } }]);
  });
});

describe("the input of a target", () => {
  test.each([
    ["a constant", { Input: '{"fixed":true}' }, '{"fixed":true}'],
    ["a part", { InputPath: "$.detail.who" }, '{"name":"Ada \\"A\\" Lovelace"}'],
    [
      "a template of JSON",
      {
        InputTransformer: {
          InputPathsMap: { who: "$.detail.who.name", n: "$.detail.list[1]", kind: "$.detail-type" },
          InputTemplate:
            '{"who": <who>, "text": "<kind>: <who> has <n>", "n": <n>, "rule": <aws.events.rule-name>}',
        },
      },
      '{"who": "Ada \\"A\\" Lovelace", "text": "done: Ada \\"A\\" Lovelace has 2", "n": 2, "rule": "Watch"}',
    ],
  ])("is %s", async (_name, target, expected) => {
    await watch(target);
    await put({ Detail: JSON.stringify({ who: { name: 'Ada "A" Lovelace' }, list: [1, 2] }) });
    await kernel.clock.advance(0);
    expect(payloads()).toEqual([expected]);
    expect(kernel.deliveries[0]?.delivery.source).toEqual({
      service: "events.amazonaws.com",
      arn: "arn:aws:events:us-east-1:000000000000:rule/Watch",
    });
  });

  test("is validated by PutTargets", async () => {
    await expect(watch({ Input: "{}", InputPath: "$" })).rejects.toThrow(/Only one of/);
    await expect(watch({ InputPath: "detail" })).rejects.toThrow(/JSONPath/);
    await expect(watch({ KinesisParameters: {} })).rejects.toThrow(/does not implement.*KinesisParameters/);
    await expect(watch({ InputTransformer: { InputTemplate: "<who>" } })).rejects.toThrow(/<who>/);
  });
});
