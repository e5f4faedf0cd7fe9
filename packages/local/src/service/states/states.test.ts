import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { AwsError } from "../../kernel/error.ts";
import type { Plugin } from "../../kernel/service.ts";
import { testKernel, type TestKernel } from "../../kernel/testing.ts";
import { cloudwatch } from "../cloudwatch/plugin.ts";
import { logs } from "../logs/plugin.ts";
import { sqs } from "../sqs/plugin.ts";
import { states } from "./plugin.ts";

const ROLE = "arn:aws:iam::000000000000:role/Machine";
const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:Work";
const MINUTE = 60_000;

let kernel: TestKernel;
let invoked: { payload: any; principal: any }[];
let respond: (payload: any) => unknown;
afterEach(() => kernel.dispose());
beforeEach(() => {
  invoked = [];
  respond = (payload) => payload;
});

const lambda: Plugin = {
  name: "lambda",
  arns: ["lambda"],
  resources: {},
  start: () => ({
    operations: {
      async Invoke({ Payload }, { principal }) {
        const payload = JSON.parse(String(Payload));
        invoked.push({ payload, principal });
        return { StatusCode: 200, Payload: Buffer.from(JSON.stringify(await respond(payload))) };
      },
    },
    access: () => [],
  }),
};

async function machine(definition: object, resources: object[] = [], inputs: object = {}) {
  kernel = await testKernel({
    plugins: [cloudwatch, logs, sqs, states, lambda],
    graph: {
      resources: [
        ...(resources as []),
        {
          name: "Machine",
          type: "aws:sfn/stateMachine:StateMachine",
          inputs: { name: "machine", definition: JSON.stringify(definition), roleArn: ROLE, ...inputs },
        },
      ],
    },
  });
}

const ARN = "arn:aws:states:us-east-1:000000000000:stateMachine:machine";
const start = (input: unknown = {}, name = "run") =>
  kernel.call("states", "StartExecution", { stateMachineArn: ARN, name, input: JSON.stringify(input) });
const executionArn = (name = "run") => `arn:aws:states:us-east-1:000000000000:execution:machine:${name}`;
const read = (name?: string) =>
  kernel.call("states", "DescribeExecution", { executionArn: executionArn(name) });
const history = async (more: object = {}) =>
  (await kernel.call("states", "GetExecutionHistory", { executionArn: executionArn(), ...more }))
    .events as any[];
const types = async () => (await history()).map(({ type }) => type);
/** Time for turns that are ready. */
const settle = () => kernel.clock.advance(0);

const one = (state: object) => ({ StartAt: "Do", States: { Do: { ...state, End: true } } });
const task = { Type: "Task", Resource: FUNCTION };

test("runs tasks with the machine's role, and publishes the end", async () => {
  await machine(one(task));
  await start({ a: 1 });
  await settle();
  expect(await read()).toMatchObject({ status: "SUCCEEDED", output: '{"a":1}' });
  expect(invoked).toMatchObject([
    { payload: { a: 1 }, principal: { kind: "role", arn: ROLE, session: "run" } },
  ]);
  expect(kernel.events).toMatchObject([
    { source: "aws.states", detail: { status: "RUNNING" } },
    {
      source: "aws.states",
      detail: { executionArn: executionArn(), status: "SUCCEEDED", output: '{"a":1}' },
    },
  ]);
});

test("a wait survives a restart, and ends on time", async () => {
  await machine({
    StartAt: "Wait",
    States: { Wait: { Type: "Wait", Seconds: 600, Next: "Do" }, Do: { ...task, End: true } },
  });
  await start();
  await kernel.clock.advance(5 * MINUTE);
  kernel = await kernel.restart();
  await kernel.clock.advance(4 * MINUTE);
  expect((await read()).status).toBe("RUNNING");
  await kernel.clock.advance(2 * MINUTE);
  expect((await read()).status).toBe("SUCCEEDED");
  expect(invoked).toHaveLength(1);
});

test("a task that was running is sent again after a restart, one that ended is not", async () => {
  await machine({
    StartAt: "First",
    States: { First: { ...task, Next: "Second" }, Second: { ...task, End: true } },
  });
  respond = (payload) => (invoked.length === 2 ? new Promise(() => {}) : payload);
  await start({ a: 1 });
  await settle();
  expect(invoked).toHaveLength(2);
  kernel = await kernel.restart();
  await settle();
  expect(invoked).toHaveLength(3);
  expect((await read()).status).toBe("SUCCEEDED");
});

test("retries with the delays of the retrier, then catches", async () => {
  await machine({
    StartAt: "Do",
    States: {
      Do: {
        ...task,
        Retry: [{ ErrorEquals: ["Lambda.TooManyRequestsException"], IntervalSeconds: 10, MaxAttempts: 2 }],
        Catch: [{ ErrorEquals: ["States.ALL"], Next: "Caught" }],
        End: true,
      },
      Caught: { Type: "Pass", End: true },
    },
  });
  respond = () => {
    throw new AwsError("TooManyRequestsException", "busy", { status: 429 });
  };
  await start();
  await kernel.clock.advance(9_000);
  expect(invoked).toHaveLength(1);
  await kernel.clock.advance(2_000);
  expect(invoked).toHaveLength(2);
  await kernel.clock.advance(20_000);
  expect(invoked).toHaveLength(3);
  expect(JSON.parse((await read()).output)).toMatchObject({ Error: "Lambda.TooManyRequestsException" });
});

describe("a callback", () => {
  const wait = one({
    Type: "Task",
    Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
    HeartbeatSeconds: 60,
    Parameters: {
      QueueUrl: "http://127.0.0.1:4710/000000000000/work",
      MessageBody: { "token.$": "$$.Task.Token" },
    },
  });
  const queue = { name: "Work", type: "aws:sqs/queue:Queue", inputs: { name: "work" } };
  const token = async () => {
    const { Messages } = await kernel.call("sqs", "ReceiveMessage", {
      QueueUrl: "http://127.0.0.1:4710/000000000000/work",
    });
    return JSON.parse(Messages[0].Body).token as string;
  };

  test("ends with the output that is sent, also after a restart", async () => {
    await machine(wait, [queue]);
    await start();
    await settle();
    const taskToken = await token();
    kernel = await kernel.restart();
    await kernel.call("states", "SendTaskSuccess", { taskToken, output: '"done"' });
    expect(await read()).toMatchObject({ status: "SUCCEEDED", output: '"done"' });
    expect(await types()).toEqual([
      "ExecutionStarted",
      "TaskStateEntered",
      "TaskScheduled",
      "TaskStarted",
      "TaskSubmitted",
      "TaskSucceeded",
      "TaskStateExited",
      "ExecutionSucceeded",
    ]);
    await expect(kernel.call("states", "SendTaskSuccess", { taskToken, output: "1" })).rejects.toThrow(
      "Task Timed Out",
    );
  });

  test("times out without heartbeats", async () => {
    await machine(wait, [queue]);
    await start();
    await settle();
    const taskToken = await token();
    await kernel.clock.advance(50_000);
    await kernel.call("states", "SendTaskHeartbeat", { taskToken });
    await kernel.clock.advance(50_000);
    expect((await read()).status).toBe("RUNNING");
    await kernel.clock.advance(MINUTE);
    expect(await read()).toMatchObject({ status: "FAILED", error: "States.HeartbeatTimeout" });
  });
});

test("waits for an execution that it started", async () => {
  const inner = {
    name: "Inner",
    type: "aws:sfn/stateMachine:StateMachine",
    inputs: { name: "inner", roleArn: ROLE, definition: JSON.stringify(one({ Type: "Wait", Seconds: 30 })) },
  };
  await machine(
    one({
      Type: "Task",
      Resource: "arn:aws:states:::states:startExecution.sync:2",
      Parameters: {
        StateMachineArn: ARN.replace(/machine$/, "inner"),
        Input: { b: 2 },
      },
      OutputPath: "$.Output",
    }),
    [inner],
  );
  await start();
  await kernel.clock.advance(20_000);
  kernel = await kernel.restart();
  await kernel.clock.advance(20_000);
  expect(await read()).toMatchObject({ status: "SUCCEEDED", output: '{"b":2}' });
});

test("starts once by name, and refuses the name for another input", async () => {
  await machine(one({ Type: "Wait", Seconds: 10 }));
  const first = await start({ a: 1 });
  expect(await start({ a: 1 })).toEqual(first);
  await expect(start({ a: 2 })).rejects.toMatchObject({ code: "ExecutionAlreadyExists" });
  await kernel.clock.advance(11_000);
  await expect(start({ a: 1 })).rejects.toMatchObject({ code: "ExecutionAlreadyExists" });
});

test("stops with an error and a cause", async () => {
  await machine(one({ Type: "Wait", Seconds: 10 }));
  await start();
  await settle();
  await kernel.call("states", "StopExecution", {
    executionArn: executionArn(),
    error: "Enough",
    cause: "by hand",
  });
  await kernel.clock.advance(20_000);
  expect(await read()).toMatchObject({ status: "ABORTED", error: "Enough", cause: "by hand" });
});

test("pages through the history in both orders, without data where it is not wanted", async () => {
  await machine(one({ Type: "Pass" }));
  await start({ secret: 1 });
  await settle();
  const page = (more: object) =>
    kernel.call("states", "GetExecutionHistory", { executionArn: executionArn(), maxResults: 3, ...more });
  const first = await page({});
  const second = await page({ nextToken: first.nextToken });
  expect([...first.events, ...second.events].map(({ id }: any) => id)).toEqual([1, 2, 3, 4]);
  expect(second.nextToken).toBeUndefined();
  const newest = await page({ reverseOrder: true });
  expect(newest.events.map(({ id }: any) => id)).toEqual([4, 3, 2]);
  const rest = await page({ reverseOrder: true, nextToken: newest.nextToken });
  expect(rest.events.map(({ id }: any) => id)).toEqual([1]);
  expect(JSON.stringify(await history({ includeExecutionData: false }))).not.toContain("secret");
});

test("a failed execution is redriven from the state that failed", async () => {
  await machine({
    StartAt: "First",
    States: { First: { ...task, ResultPath: null, Next: "Second" }, Second: { ...task, End: true } },
  });
  respond = (payload) => {
    if (invoked.length === 2) throw new AwsError("ServiceException", "down", { status: 500 });
    return payload;
  };
  await start({ a: 1 });
  await settle();
  expect((await read()).status).toBe("FAILED");
  kernel = await kernel.restart();
  await kernel.call("states", "RedriveExecution", { executionArn: executionArn() });
  await settle();
  expect(await read()).toMatchObject({ status: "SUCCEEDED", output: '{"a":1}', redriveCount: 1 });
  expect(invoked).toHaveLength(3);
  expect(await types()).toContain("ExecutionRedriven");
  await expect(
    kernel.call("states", "RedriveExecution", { executionArn: executionArn() }),
  ).rejects.toMatchObject({
    code: "ExecutionNotRedrivable",
  });
});

test("two children that time out at once fail their state once", async () => {
  const slow = { StartAt: "A", States: { A: { ...task, TimeoutSeconds: 5, End: true } } };
  await machine({
    StartAt: "Both",
    States: {
      Both: {
        Type: "Parallel",
        Branches: [slow, { ...slow, StartAt: "B", States: { B: slow.States.A } }],
        Catch: [{ ErrorEquals: ["States.Timeout"], Next: "Caught" }],
        End: true,
      },
      Caught: { Type: "Wait", Seconds: 60, End: true },
    },
  });
  respond = () => new Promise(() => {});
  await start();
  await kernel.clock.advance(10_000);
  expect((await read()).status).toBe("RUNNING");
  await kernel.clock.advance(MINUTE);
  expect((await read()).status).toBe("SUCCEEDED");
});

test("a fault of the definition that its check does not find fails the execution", async () => {
  await machine({
    StartAt: "Wait",
    States: { Wait: { Type: "Wait", Seconds: 1, OutputPath: "$.missing", End: true } },
  });
  await start();
  await kernel.clock.advance(5_000);
  expect(await read()).toMatchObject({ status: "FAILED", error: "States.Runtime" });
});

test("a redrive has its whole time limit again, over a restart", async () => {
  await machine({
    TimeoutSeconds: 60,
    StartAt: "Do",
    States: { Do: { ...task, Next: "Wait" }, Wait: { Type: "Wait", Seconds: 30, End: true } },
  });
  respond = (payload) => {
    if (invoked.length === 1) throw new AwsError("ServiceException", "down", { status: 500 });
    return payload;
  };
  await start();
  await kernel.clock.advance(60 * MINUTE);
  await kernel.call("states", "RedriveExecution", { executionArn: executionArn() });
  await settle();
  kernel = await kernel.restart();
  await kernel.clock.advance(40_000);
  expect((await read()).status).toBe("SUCCEEDED");
});

test("an endless loop ends with the limit of its history", async () => {
  await machine({ StartAt: "A", States: { A: { Type: "Pass", Next: "B" }, B: { Type: "Pass", Next: "A" } } });
  await start();
  for (let turn = 0; turn < 200 && (await read()).status === "RUNNING"; turn += 1) await settle();
  expect(await read()).toMatchObject({ status: "FAILED", error: "States.Runtime" });
  const { events } = await kernel.call("states", "GetExecutionHistory", {
    executionArn: executionArn(),
    reverseOrder: true,
    maxResults: 1,
  });
  expect(events).toMatchObject([{ id: 25_000, type: "ExecutionFailed" }]);
});

test("a worker takes the task of an activity, and ends it", async () => {
  const activityArn = "arn:aws:states:us-east-1:000000000000:activity:work";
  const activity = { name: "Activity", type: "aws:sfn/activity:Activity", inputs: { name: "work" } };
  await machine(one({ Type: "Task", Resource: activityArn }), [activity]);
  const early = kernel.call("states", "GetActivityTask", { activityArn, workerName: "me" });
  await start({ a: 1 });
  await settle();
  const { taskToken, input } = await early;
  expect(input).toBe('{"a":1}');
  await kernel.call("states", "SendTaskSuccess", { taskToken, output: "2" });
  expect((await read()).output).toBe("2");
  const none = kernel.call("states", "GetActivityTask", { activityArn });
  await kernel.clock.advance(MINUTE);
  expect(await none).toEqual({});
});

test("an Express machine answers with its result, within five minutes", async () => {
  await machine(one({ Type: "Pass" }));
  const create = (name: string, definition: object) =>
    kernel.call("states", "CreateStateMachine", {
      name,
      type: "EXPRESS",
      roleArn: ROLE,
      definition: JSON.stringify(definition),
    });
  const { stateMachineArn } = await create("fast", one({ Type: "Pass", Result: 5 }));
  expect(await kernel.call("states", "StartSyncExecution", { stateMachineArn })).toMatchObject({
    status: "SUCCEEDED",
    output: "5",
  });
  const slow = await create("slow", one({ Type: "Wait", Seconds: 400 }));
  const waiting = kernel.call("states", "StartSyncExecution", { stateMachineArn: slow.stateMachineArn });
  await kernel.clock.advance(6 * MINUTE);
  expect((await waiting).status).toBe("TIMED_OUT");
  await expect(kernel.call("states", "StartSyncExecution", { stateMachineArn: ARN })).rejects.toMatchObject({
    code: "StateMachineTypeNotSupported",
  });
});

test("writes its log at the declared level, and metrics", async () => {
  await machine(
    { StartAt: "Do", States: { Do: { Type: "Pass", Next: "End" }, End: { Type: "Fail", Error: "Bad" } } },
    [],
    {
      loggingConfiguration: {
        level: "ERROR",
        includeExecutionData: false,
        logDestination: "arn:aws:logs:us-east-1:000000000000:log-group:machine-log:*",
      },
    },
  );
  await start({ secret: 1 });
  await kernel.clock.advance(2_000);
  const { events } = await kernel.call("logs", "FilterLogEvents", { logGroupName: "machine-log" });
  const messages = events.map(({ message }: any) => JSON.parse(message));
  expect(messages.map(({ type }: any) => type)).toEqual(["FailStateEntered", "ExecutionFailed"]);
  expect(messages[0]).toMatchObject({ execution_arn: executionArn(), details: { name: "End" } });
  expect(JSON.stringify(messages)).not.toContain("secret");
  const { Datapoints } = await kernel.call("cloudwatch", "GetMetricStatistics", {
    Namespace: "AWS/States",
    MetricName: "ExecutionsFailed",
    Dimensions: [{ Name: "StateMachineArn", Value: ARN }],
    StartTime: new Date(kernel.clock.now() - MINUTE),
    EndTime: new Date(kernel.clock.now() + MINUTE),
    Period: 60,
    Statistics: ["Sum"],
  });
  expect(Datapoints).toMatchObject([{ Sum: 1 }]);
});

test("a definition with a fault is refused with the place of the fault", async () => {
  await machine(one({ Type: "Pass" }));
  const create = (definition: string) =>
    kernel.call("states", "CreateStateMachine", { name: "other", roleArn: ROLE, definition });
  await expect(create("{")).rejects.toMatchObject({ code: "InvalidDefinition" });
  await expect(
    create(JSON.stringify({ StartAt: "A", States: { B: { Type: "Pass", End: true } } })),
  ).rejects.toThrow("Missing 'StartAt' target: A at /StartAt");
  await expect(create(JSON.stringify(one({ Type: "Pass", InputPath: "$." })))).rejects.toThrow(
    "at /States/Do/InputPath",
  );
});
