import { afterEach, beforeEach, expect, test } from "vitest";
import type { Plugin } from "../../kernel/service.ts";
import { testKernel, type TestKernel } from "../../kernel/testing.ts";
import { s3 } from "../s3/plugin.ts";
import { states } from "./plugin.ts";

const ROLE = "arn:aws:iam::000000000000:role/Machine";
const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:Work";
const EACH = {
  Type: "Map",
  End: true,
  ItemProcessor: {
    ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" },
    StartAt: "Do",
    States: { Do: { Type: "Task", Resource: FUNCTION, End: true } },
  },
};
const MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:machine";
const EXECUTION = "arn:aws:states:us-east-1:000000000000:execution:machine:run";

let kernel: TestKernel;
let inputs: any[];
let running: number;
let most: number;
let fails: (input: any) => boolean;
afterEach(() => kernel.dispose());
beforeEach(() => {
  inputs = [];
  running = most = 0;
  fails = () => false;
});

const lambda: Plugin = {
  name: "lambda",
  arns: ["lambda"],
  resources: {},
  start: ({ clock }) => ({
    operations: {
      async Invoke({ Payload }) {
        const input = JSON.parse(String(Payload));
        inputs.push(input);
        most = Math.max(most, (running += 1));
        await new Promise<void>((resolve) => void clock.after(1_000, resolve));
        running -= 1;
        return fails(input)
          ? { StatusCode: 200, FunctionError: "Unhandled", Payload: Buffer.from('{"errorType":"Bad"}') }
          : { StatusCode: 200, Payload: Buffer.from(JSON.stringify(input)) };
      },
    },
    access: () => [],
  }),
};

async function start(map: object, input: unknown) {
  const definition = {
    StartAt: "Each",
    States: {
      Each: { ...EACH, ...map },
    },
  };
  kernel = await testKernel({
    plugins: [states, s3, lambda],
    graph: {
      resources: [
        { name: "Data", type: "aws:s3/bucket:Bucket", inputs: { bucket: "data" } },
        {
          name: "Machine",
          type: "aws:sfn/stateMachine:StateMachine",
          inputs: { name: "machine", definition: JSON.stringify(definition), roleArn: ROLE },
        },
      ],
    },
  });
  await put("items.csv", "name,size\na,1\nb,2\n");
  await put("items.jsonl", '{"n":1}\n{"n":2}\n{"n":3}\n');
  await kernel.call("states", "StartExecution", {
    stateMachineArn: MACHINE,
    name: "run",
    input: JSON.stringify(input),
  });
}
const put = (Key: string, Body: string) =>
  kernel.call("s3", "PutObject", { Bucket: "data", Key, Body: Buffer.from(Body) });
const read = () => kernel.call("states", "DescribeExecution", { executionArn: EXECUTION });
/** Until the execution ends. */
async function end() {
  for (let second = 0; second < 5_000; second += 1) {
    await kernel.clock.advance(1_000);
    // Files take real time.
    await new Promise((resolve) => setImmediate(resolve));
    const found = await read();
    if (found.status !== "RUNNING") return found;
  }
  return read();
}

test("runs its items as executions of their own, at most so many at once, in order", async () => {
  await start({ MaxConcurrency: 3 }, [1, 2, 3, 4, 5, 6, 7]);
  expect(await end()).toMatchObject({ status: "SUCCEEDED", output: "[1,2,3,4,5,6,7]" });
  expect(most).toBe(3);
});

test("continues after a restart without running ended items again", async () => {
  await start({ MaxConcurrency: 2 }, [1, 2, 3, 4, 5, 6]);
  await kernel.clock.advance(1_500);
  const before = inputs.length;
  expect(before).toBeLessThan(6);
  running = 0;
  kernel = await kernel.restart();
  expect(await end()).toMatchObject({ status: "SUCCEEDED", output: "[1,2,3,4,5,6]" });
  // Two were running, and are sent again.
  expect(inputs).toHaveLength(8);
});

test("fails over the tolerated failures, and names the reason", async () => {
  fails = (input) => input > 2;
  await start({ MaxConcurrency: 1, ToleratedFailureCount: 1 }, [1, 2, 3, 4, 5, 6]);
  expect(await end()).toMatchObject({ status: "FAILED", error: "States.ExceedToleratedFailureThreshold" });
  expect(inputs).toEqual([1, 2, 3, 4]);
});

test("leaves out tolerated failures", async () => {
  fails = (input) => input === 2;
  await start({ ToleratedFailurePercentage: 50 }, [1, 2, 3]);
  expect(await end()).toMatchObject({ status: "SUCCEEDED", output: "[1,3]" });
});

test("reads items of CSV, in batches, and writes results to S3", async () => {
  await start(
    {
      ItemReader: {
        Resource: "arn:aws:states:::s3:getObject",
        ReaderConfig: { InputType: "CSV", CSVHeaderLocation: "FIRST_ROW" },
        Parameters: { Bucket: "data", "Key.$": "$.key" },
      },
      ItemBatcher: { MaxItemsPerBatch: 2, BatchInput: { "run.$": "$.run" } },
      ResultWriter: {
        Resource: "arn:aws:states:::s3:putObject",
        Parameters: { Bucket: "data", Prefix: "out" },
      },
    },
    { key: "items.csv", run: 7 },
  );
  const { status, output } = await end();
  expect(status).toBe("SUCCEEDED");
  expect(inputs).toEqual([
    {
      BatchInput: { run: 7 },
      Items: [
        { name: "a", size: "1" },
        { name: "b", size: "2" },
      ],
    },
  ]);
  const { Bucket, Key } = JSON.parse(output).ResultWriterDetails;
  const manifest = await kernel.call("s3", "GetObject", { Bucket, Key });
  let text = "";
  for await (const part of manifest.Body) text += String(part);
  const [file] = JSON.parse(text).ResultFiles.SUCCEEDED;
  expect(file.Key).toMatch(/^out\/.*\/SUCCEEDED_0\.json$/);
});

test("lists objects, and reads JSON lines", async () => {
  await start(
    {
      ItemReader: {
        Resource: "arn:aws:states:::s3:getObject",
        ReaderConfig: { InputType: "JSONL", MaxItems: 2 },
        Parameters: { Bucket: "data", Key: "items.jsonl" },
      },
    },
    {},
  );
  expect(await end()).toMatchObject({ status: "SUCCEEDED", output: '[{"n":1},{"n":2}]' });
});

test("an unreadable object fails the state with the reader's error", async () => {
  await start(
    {
      ItemReader: {
        Resource: "arn:aws:states:::s3:getObject",
        ReaderConfig: { InputType: "JSON" },
        Parameters: { Bucket: "data", Key: "absent.json" },
      },
    },
    {},
  );
  expect(await end()).toMatchObject({ status: "FAILED", error: "States.ItemReaderFailed" });
});

test("a map that a failing branch beside it removes starts nothing", async () => {
  await start({ MaxConcurrency: 1 }, [1]);
  await end();
  const definition = {
    StartAt: "Both",
    States: {
      Both: {
        Type: "Parallel",
        Branches: [
          {
            StartAt: "Each",
            States: {
              Each: EACH,
            },
          },
          { StartAt: "Stop", States: { Stop: { Type: "Fail", Error: "Stopped" } } },
        ],
        End: true,
      },
    },
  };
  await kernel.call("states", "UpdateStateMachine", {
    stateMachineArn: MACHINE,
    definition: JSON.stringify(definition),
  });
  await kernel.call("states", "StartExecution", { stateMachineArn: MACHINE, name: "both", input: "[1,2]" });
  await kernel.clock.advance(5_000);
  const found = await kernel.call("states", "DescribeExecution", {
    executionArn: EXECUTION.replace(/run$/, "both"),
  });
  expect(found).toMatchObject({ status: "FAILED", error: "Stopped" });
  expect(inputs).toEqual([1]);
});

test("describes a run with its counts, and changes its limits", async () => {
  await start({ MaxConcurrency: 1 }, [1, 2, 3, 4]);
  await kernel.clock.advance(500);
  const { mapRuns } = await kernel.call("states", "ListMapRuns", { executionArn: EXECUTION });
  const { mapRunArn } = mapRuns[0];
  expect(await kernel.call("states", "DescribeMapRun", { mapRunArn })).toMatchObject({
    status: "RUNNING",
    maxConcurrency: 1,
    itemCounts: { pending: 3, running: 1, total: 4 },
  });
  await kernel.call("states", "UpdateMapRun", { mapRunArn, maxConcurrency: 3 });
  await end();
  expect(most).toBe(3);
  expect(await kernel.call("states", "DescribeMapRun", { mapRunArn })).toMatchObject({ status: "SUCCEEDED" });
});

test("a stopped execution stops its children", async () => {
  await start({ MaxConcurrency: 2 }, [1, 2, 3]);
  await kernel.clock.advance(500);
  await kernel.call("states", "StopExecution", { executionArn: EXECUTION });
  await kernel.clock.advance(5_000);
  expect(inputs).toEqual([1, 2]);
});
