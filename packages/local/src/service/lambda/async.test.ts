import { afterEach, expect, test } from "vitest";
import { sqs } from "../sqs/plugin.ts";
import { testProject, type Project } from "./testing.ts";
import { expectErrorLog } from "../../../../../test/support/error-log.ts";

let project: Project;
afterEach(() => project.dispose());

const FAILING = "export const handler = async (e) => { console.log('try', e.n); throw new Error('never'); };";
const log = async () =>
  (await project.logOf("Later").catch(() => [])).filter((line) => line.includes("\ttry")).length;
const rows = () => project.kernel.store.get<{ n: number }>("select count(*) as n from lambda_async")!.n;
const settled = () =>
  project.kernel.store.get<{ n: number }>("select coalesce(sum(attempts), 0) as n from lambda_async")!.n;

test("an asynchronous invocation is accepted at once and runs afterwards", async () => {
  project = await testProject({
    functions: { Later: { source: "export const handler = async (e) => console.log('try', e.n);" } },
  });
  await project.invoke("Later", { n: 1 }, { InvocationType: "Event" });
  await expect.poll(log, { timeout: 15_000 }).toBe(1);
  await expect.poll(rows, { timeout: 15_000 }).toBe(0);
});

test("a failing one is retried after one and two minutes, then sent to its failure destination", async () => {
  project = await testProject({
    plugins: [sqs],
    functions: { Later: { source: FAILING } },
    resources: [
      { name: "Failures", type: "aws:sqs/queue:Queue", inputs: { name: "failures" } },
      {
        name: "Config",
        type: "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        inputs: {
          functionName: "${Later.name}",
          destinationConfig: { onFailure: { destination: "${Failures.arn}" } },
        },
      },
    ],
  });
  const { clock } = project.kernel;
  await project.invoke("Later", { n: 7 }, { InvocationType: "Event" });
  await expect.poll(settled, { timeout: 15_000 }).toBe(1);
  await clock.advance(59_000);
  expect(await log()).toBe(1);
  await clock.advance(1_000);
  await expect.poll(settled, { timeout: 15_000 }).toBe(2);
  await clock.advance(120_000);
  await expect.poll(rows, { timeout: 15_000 }).toBe(0);
  expect(await log()).toBe(3);
  const { Messages } = await project.kernel.call("sqs", "ReceiveMessage", {
    QueueUrl: "http://127.0.0.1:4710/000000000000/failures",
  });
  const record = JSON.parse(Messages[0].Body);
  expect(record).toMatchObject({
    requestPayload: { n: 7 },
    requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 3 },
    responsePayload: { errorMessage: "never" },
  });
});

test("a delivery is committed with its cause, and runs after a restart", async () => {
  project = await testProject({
    functions: { Later: { source: "export const handler = async (e) => console.log('try', e.n);" } },
  });
  const arn = "arn:aws:lambda:us-east-1:000000000000:function:Later";
  const source = { service: "events.amazonaws.com", arn: "arn:aws:events:us-east-1:000000000000:rule/r" };
  const { kernel } = project;
  expect(() =>
    kernel.store.tx(() => {
      kernel.deliver(arn, { payload: '{"n":1}', source });
      throw new Error("rolled back");
    }),
  ).toThrow("rolled back");
  expect(rows()).toBe(0);
  kernel.store.tx(() => kernel.deliver(arn, { payload: '{"n":2}', source }));
  project.kernel = await kernel.restart();
  await expect.poll(log, { timeout: 15_000 }).toBeGreaterThanOrEqual(1);
  await expect.poll(rows, { timeout: 15_000 }).toBe(0);
});

test("the result of an invocation is stored once the disk is writable, without a second run", async () => {
  expectErrorLog(/is not writable/);
  project = await testProject({
    functions: { Later: { source: "export const handler = async (e) => console.log('try', e.n);" } },
  });
  const { store, disk, clock } = project.kernel;
  await project.invoke("Later", { n: 1 }, { InvocationType: "Event" });
  store.get("pragma query_only = on");
  await expect.poll(() => disk.lastError()?.code, { timeout: 15_000 }).toBe("DISK_NOT_WRITABLE");
  await clock.advance(5_000);
  expect(rows()).toBe(1);
  store.get("pragma query_only = off");
  await clock.advance(1_000);
  await expect.poll(rows, { timeout: 15_000 }).toBe(0);
  const reports = project.kernel.logs.filter(
    ({ level, message }) => level === "error" && /not writable/.test(message),
  );
  expect(reports).toHaveLength(1);
});
