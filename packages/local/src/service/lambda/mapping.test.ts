import { afterEach, expect, test } from "vitest";
import { sqs } from "../sqs/plugin.ts";
import { testProject, type Project } from "./testing.ts";
import { failedMessageIds, type Message } from "./records.ts";

let project: Project;
afterEach(() => project?.dispose());

const QUEUE_URL = "http://127.0.0.1:4710/000000000000/jobs";

async function open(source: string, mapping: Record<string, unknown> = {}) {
  project = await testProject({
    plugins: [sqs],
    functions: { Work: { source, inputs: { timeout: 10 } } },
    resources: [
      { name: "Jobs", type: "aws:sqs/queue:Queue", inputs: { name: "jobs", visibilityTimeoutSeconds: 60 } },
      {
        name: "Mapping",
        type: "aws:lambda/eventSourceMapping:EventSourceMapping",
        inputs: { eventSourceArn: "${Jobs.arn}", functionName: "${Work.name}", ...mapping },
      },
    ],
  });
}

const send = (...bodies: string[]) =>
  project.kernel.call("sqs", "SendMessageBatch", {
    QueueUrl: QUEUE_URL,
    Entries: bodies.map((MessageBody, index) => ({ Id: String(index), MessageBody })),
  });

const depth = async () => {
  const { Attributes } = await project.kernel.call("sqs", "GetQueueAttributes", {
    QueueUrl: QUEUE_URL,
    AttributeNames: ["All"],
  });
  return (
    Number(Attributes.ApproximateNumberOfMessages) + Number(Attributes.ApproximateNumberOfMessagesNotVisible)
  );
};

const log = async () => (await project.logOf("Work").catch(() => [])).join("\n");

const PRINT = `export const handler = async ({ Records }) => {
  for (const r of Records) console.log("got", r.body, r.attributes.ApproximateReceiveCount, r.eventSource);
`;

test("messages reach the function in batches and are deleted once it has succeeded", async () => {
  await open(`${PRINT} };`);
  await send("a", "b", "c");
  await expect.poll(log, { timeout: 15_000 }).toContain("got c 1 aws:sqs");
  await expect.poll(depth).toBe(0);
});

test("only the messages reported as failed are delivered again", async () => {
  await open(
    `${PRINT} return { batchItemFailures: Records.filter((r) => r.body === "bad" && r.attributes.ApproximateReceiveCount < 2).map((r) => ({ itemIdentifier: r.messageId })) }; };`,
    { functionResponseTypes: ["ReportBatchItemFailures"] },
  );
  await send("good", "bad");
  await expect.poll(log, { timeout: 15_000 }).toContain("got bad 1");
  await expect.poll(depth).toBe(1);
  await project.kernel.clock.advance(61_000);
  await expect.poll(log, { timeout: 15_000 }).toContain("got bad 2");
  await expect.poll(depth).toBe(0);
  expect(await log()).not.toContain("got good 2");
});

test("a batch whose function fails stays in the queue", async () => {
  await open(`${PRINT} throw new Error("no"); };`);
  await send("a", "b");
  await expect.poll(log, { timeout: 15_000 }).toContain("got b 1");
  expect(await depth()).toBe(2);
});

test("messages in flight when the cloud is killed are delivered again at the next start", async () => {
  const first = "if (Records[0].attributes.ApproximateReceiveCount === '1')";
  await open(`${PRINT} ${first} await new Promise(() => setInterval(() => {}, 1000)); };`);
  await send("precious");
  const held = () => project.kernel.store.get<{ n: number }>("select count(*) as n from lambda_held")!.n;
  await expect.poll(held, { timeout: 15_000 }).toBe(1);
  project.kernel = await project.kernel.restart();
  await expect.poll(log, { timeout: 15_000 }).toContain("got precious 2");
  await expect.poll(held).toBe(0);
});

test("an unreadable response means that the whole batch failed", () => {
  const messages = [{ MessageId: "1" }, { MessageId: "2" }] as Message[];
  const failed = (payload: string, reports = true) =>
    [...failedMessageIds({ requestId: "", tail: "", payload }, messages, reports)].join();
  for (const fine of ["null", "", "{}", '{"batchItemFailures":[]}', '{"batchItemFailures":null}'])
    expect(failed(fine)).toBe("");
  expect(failed('{"batchItemFailures":[{"itemIdentifier":"2"}]}')).toBe("2");
  for (const item of [
    '{"itemIdentifier":""}',
    '{"itemIdentifier":null}',
    '{"itemIdentifier":"3"}',
    '{"id":"1"}',
    "null",
  ])
    expect(failed(`{"batchItemFailures":[${item}]}`)).toBe("1,2");
  expect(failed("not json")).toBe("1,2");
  expect(failed("not json", false)).toBe("");
});

test("a mapping of the API receives from its queue, survives a restart, and stops when deleted", async () => {
  project = await testProject({
    plugins: [sqs],
    functions: { Work: { source: `${PRINT} };` } },
    resources: [{ name: "Jobs", type: "aws:sqs/queue:Queue", inputs: { name: "jobs" } }],
  });
  const EventSourceArn = "arn:aws:sqs:us-east-1:000000000000:jobs";
  const input = { EventSourceArn, FunctionName: "Work", BatchSize: 5 };
  const { UUID } = await project.kernel.call("lambda", "CreateEventSourceMapping", input);
  await expect(project.kernel.call("lambda", "CreateEventSourceMapping", input)).rejects.toMatchObject({
    code: "ResourceConflictException",
  });
  project.kernel = await project.kernel.restart();
  await send("a");
  await expect.poll(log, { timeout: 15_000 }).toContain("got a 1");
  await project.kernel.call("lambda", "DeleteEventSourceMapping", { UUID });
  const { EventSourceMappings } = await project.kernel.call("lambda", "ListEventSourceMappings", {});
  expect(EventSourceMappings).toEqual([]);
});
