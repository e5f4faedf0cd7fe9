import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AwsError } from "../../kernel/error.ts";
import type { Plugin } from "../../kernel/service.ts";
import { testKernel, type TestKernel } from "../../kernel/testing.ts";
import { events } from "../events/plugin.ts";
import { sqs } from "../sqs/plugin.ts";
import { scheduler } from "./plugin.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const ROLE = "arn:aws:iam::000000000000:role/Cron";
const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:Reconcile";

let kernel: TestKernel;
let invoked: any[];
let refuse: AwsError | undefined;
afterEach(() => kernel.dispose());
beforeEach(() => {
  invoked = [];
  refuse = undefined;
});

const lambda: Plugin = {
  name: "lambda",
  arns: ["lambda"],
  resources: {},
  start: ({ clock }) => ({
    operations: {
      Invoke({ FunctionName, InvocationType, Payload }, { principal }) {
        if (refuse) throw refuse;
        const payload = JSON.parse(new TextDecoder().decode(Payload));
        const at = new Date(clock.now()).toISOString().slice(5, 16);
        invoked.push({ FunctionName, InvocationType, principal, payload, at });
        return { StatusCode: 202 };
      },
    },
    access: () => [],
  }),
};

async function schedule(inputs: object, target: object = {}) {
  kernel = await testKernel({
    plugins: [sqs, events, lambda, scheduler],
    graph: {
      resources: [
        { name: "Dead", type: "aws:sqs/queue:Queue", inputs: { name: "dead" } },
        {
          name: "Cron",
          type: "aws:scheduler/schedule:Schedule",
          inputs: {
            flexibleTimeWindow: { mode: "OFF" },
            target: { arn: FUNCTION, roleArn: ROLE, ...target },
            ...inputs,
          },
        },
      ],
    },
  });
}
const times = () => invoked.map(({ at }) => at);
const dead = async () =>
  (
    await kernel.call("sqs", "ReceiveMessage", {
      QueueUrl: "http://127.0.0.1:4710/000000000000/dead",
      MessageAttributeNames: ["All"],
    })
  ).Messages;

test("invokes its function with its role, on time, over restarts", async () => {
  await schedule({ scheduleExpression: "rate(5 minutes)" });
  await kernel.clock.advance(6 * MINUTE);
  kernel = await kernel.restart();
  await kernel.clock.advance(5 * MINUTE);
  expect(times()).toEqual(["01-01T00:05", "01-01T00:10"]);
  expect(invoked[0]).toMatchObject({
    FunctionName: FUNCTION,
    InvocationType: "Event",
    principal: { kind: "role", arn: ROLE },
    payload: { source: "aws.scheduler", time: "2026-01-01T00:05:00Z", "detail-type": "Scheduled Event" },
  });
});

test("uses its time zone, start, end and input", async () => {
  await schedule(
    {
      scheduleExpression: "cron(0 9 * * ? *)",
      scheduleExpressionTimezone: "Europe/Berlin",
      startDate: "2026-01-02T00:00:00Z",
      endDate: "2026-01-03T23:00:00Z",
    },
    { input: '{"when":"<aws.scheduler.scheduled-time>"}' },
  );
  await kernel.clock.advance(7 * 24 * HOUR);
  expect(times()).toEqual(["01-02T08:00", "01-03T08:00"]);
  expect(invoked[0].payload).toEqual({ when: "2026-01-02T08:00:00Z" });
});

test("an at expression runs once, within its window", async () => {
  await schedule({
    scheduleExpression: "at(2026-01-01T01:00:00)",
    flexibleTimeWindow: { mode: "FLEXIBLE", maximumWindowInMinutes: 30 },
  });
  await kernel.clock.advance(24 * HOUR);
  expect(times()).toHaveLength(1);
  expect(times()[0] >= "01-01T01:00" && times()[0] <= "01-01T01:30").toBe(true);
});

test("a disabled schedule does not run", async () => {
  await schedule({ scheduleExpression: "rate(1 minute)", state: "DISABLED" });
  await kernel.clock.advance(HOUR);
  expect(invoked).toEqual([]);
});

describe("a target that rejects", () => {
  test("is retried until it accepts", async () => {
    await schedule({ scheduleExpression: "at(2026-01-01T01:00:00)" });
    refuse = new AwsError("TooManyRequestsException", "busy", { status: 429 });
    await kernel.clock.advance(HOUR);
    refuse = undefined;
    await kernel.clock.advance(MINUTE);
    expect(times()).toEqual(["01-01T01:00"]);
  });

  test("has its call sent to the dead-letter queue when no retries are left", async () => {
    await schedule(
      { scheduleExpression: "at(2026-01-01T01:00:00)" },
      { retryPolicy: { maximumRetryAttempts: 0 }, deadLetterConfig: { arn: "${Dead.arn}" }, input: '"go"' },
    );
    refuse = new AwsError("TooManyRequestsException", "busy", { status: 429 });
    await kernel.clock.advance(2 * HOUR);
    await kernel.clock.advance(MINUTE);
    expect(await dead()).toMatchObject([
      { Body: '"go"', MessageAttributes: { ERROR_CODE: { StringValue: "THROTTLING" } } },
    ]);
  });
});

test("unsupported targets and invalid schedules fail the start with the schedule's name", async () => {
  const daily = schedule({ scheduleExpression: "daily" });
  await expect(daily).rejects.toThrow(/Cron: daily in UTC is not a valid schedule/);
  const cluster = schedule({ scheduleExpression: "rate(1 minute)" }, { arn: "arn:aws:ecs:::cluster/c" });
  await expect(cluster).rejects.toThrow(/Cron: .* does not implement schedules that call arn:aws:ecs/);
  await schedule({ scheduleExpression: "rate(1 minute)" });
});
