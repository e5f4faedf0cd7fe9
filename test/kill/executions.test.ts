// kill -9 at random moments of executions with a Map, waits, retries and callbacks. Each execution ends once, and no task
// whose result was committed is sent again.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  GetExecutionHistoryCommand,
  type HistoryEvent,
  SendTaskSuccessCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { seededRandom } from "@sluice/local/kernel/random.ts";
import { expect, test } from "vitest";
import { noneLeftOf } from "../support/processes.ts";
import { startStandalone, type Standalone } from "../support/standalone.ts";
import { until } from "../support/until.ts";

const KILLS = 50;
const SEED = 7;
/** From a start to its kill, ms. */
const MOMENTS = { first: 20, last: 700 };
const ITEMS = [1, 2, 3, 4, 5];
const ROLE = "arn:aws:iam::000000000000:role/Machine";
const MACHINE = "arn:aws:states:us-east-1:000000000000:stateMachine:killed";

/** Each task sends a message that names its execution and step. */
const send = (queueUrl: string, step: string, more: object = {}) => ({
  Type: "Task",
  Resource: "arn:aws:states:::sqs:sendMessage",
  Parameters: { QueueUrl: queueUrl, MessageBody: { "execution.$": "$$.Execution.Name", step, ...more } },
  ResultPath: null,
});

const definition = (queueUrl: string, missingUrl: string) => ({
  StartAt: "First",
  States: {
    First: { ...send(queueUrl, "first"), Next: "Each" },
    Each: {
      Type: "Map",
      ItemsPath: "$.items",
      MaxConcurrency: 2,
      ResultPath: null,
      ItemProcessor: {
        StartAt: "Item",
        States: {
          Item: { ...send(queueUrl, "item", { "item.$": "$" }), Next: "Pause" },
          Pause: { Type: "Wait", Seconds: 1, End: true },
        },
      },
      Next: "Fails",
    },
    Fails: {
      ...send(missingUrl, "fails"),
      Retry: [{ ErrorEquals: ["States.ALL"], IntervalSeconds: 1, MaxAttempts: 2, BackoffRate: 1 }],
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "Callback", ResultPath: null }],
      Next: "Callback",
    },
    Callback: {
      ...send(queueUrl, "callback", { "token.$": "$$.Task.Token" }),
      Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
      End: true,
    },
  },
});

/** The queue allows every caller of its account: the machine's role has no policy of its own. */
const policy = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" }],
});

interface Sent {
  execution: string;
  step: string;
  item?: number;
  token?: string;
  at: number;
}

test("every execution ends once, and committed results are not computed again", async () => {
  const dir = mkdtempSync(path.join(tmpdir(), "sluice-executions-"));
  const random = seededRandom(SEED);
  const started: string[] = [];
  const sent: Sent[] = [];
  let cloud: Standalone = await startStandalone(dir);
  const { port } = cloud;
  const client = () => {
    const { AWS_ENDPOINT_URL: endpoint, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = cloud.place.environment;
    const credentials = { accessKeyId: AWS_ACCESS_KEY_ID!, secretAccessKey: AWS_SECRET_ACCESS_KEY! };
    const options = { endpoint: endpoint!, region: "us-east-1", credentials, maxAttempts: 1 };
    return { sqs: new SQSClient(options), sfn: new SFNClient(options) };
  };
  try {
    let { sqs, sfn } = client();
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName: "sent", Attributes: { Policy: policy } }),
    );
    await sfn.send(
      new CreateStateMachineCommand({
        name: "killed",
        roleArn: ROLE,
        definition: JSON.stringify(definition(QueueUrl!, `${QueueUrl}-missing`)),
      }),
    );

    const start = async (name: string) => {
      const input = JSON.stringify({ items: ITEMS });
      await sfn.send(new StartExecutionCommand({ stateMachineArn: MACHINE, name, input }));
    };
    /** Records the messages, and answers the callbacks. */
    const receive = async () => {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: 10,
          MessageSystemAttributeNames: ["SentTimestamp"],
        }),
      );
      for (const message of Messages) {
        const one = toSent(message);
        if (one.token)
          await sfn
            .send(new SendTaskSuccessCommand({ taskToken: one.token, output: '"done"' }))
            .catch(ignoreEnded);
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message.ReceiptHandle }));
        sent.push(one);
      }
      return Messages.length;
    };

    for (let kill = 0; kill < KILLS; kill += 1) {
      const work = (async () => {
        started.push(`run-${kill}`);
        await start(`run-${kill}`);
        while (await receive());
      })().catch(() => {});
      await wait(MOMENTS.first + random() * (MOMENTS.last - MOMENTS.first));
      await cloud.kill();
      await work;
      cloud = await startStandalone(dir, port);
      ({ sqs, sfn } = client());
    }

    // A kill may have come before the start, or have hidden its answer: a repeated start finds what it started.
    for (const name of started) await start(name).catch(ignoreExisting);
    const histories = new Map<string, HistoryEvent[]>();
    for (const name of started) {
      const executionArn = `${MACHINE.replace(":stateMachine:", ":execution:")}:${name}`;
      await until(async () => {
        await receive();
        const { status, output } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
        expect({ name, status, output }).toEqual({ name, status: "SUCCEEDED", output: expect.anything() });
      });
      const { events } = await sfn.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1_000 }));
      histories.set(name, events!);
    }
    while (await receive());

    for (const [name, events] of histories) {
      const count = (type: string) => events.filter((event) => event.type === type).length;
      expect(count("ExecutionSucceeded"), name).toBe(1);
      // First, one for each item, and the callback.
      expect(count("TaskSucceeded"), name).toBe(ITEMS.length + 2);
      expect(count("TaskFailed"), name).toBe(3);
      expect(count("MapIterationSucceeded"), name).toBe(ITEMS.length);
    }
    for (const { execution, step, at } of sent.filter(({ step: one }) => one === "first")) {
      const success = histories.get(execution)?.find(({ type }) => type === "TaskSucceeded");
      expect(at, `${execution} sent ${step} after its result`).toBeLessThanOrEqual(
        Number(success!.timestamp),
      );
    }
  } finally {
    await cloud.stop();
    await noneLeftOf(dir);
    rmSync(dir, { recursive: true, force: true });
  }
}, 600_000);

const toSent = ({ Body, Attributes }: Message): Sent => ({
  ...(JSON.parse(Body!) as Omit<Sent, "at">),
  at: Number(Attributes!["SentTimestamp"]),
});

function ignoreExisting(error: Error): void {
  if (error.name !== "ExecutionAlreadyExists") throw error;
}

/** A repeated message has the token of a task that has ended. */
function ignoreEnded(error: Error): void {
  if (error.name !== "TaskTimedOut") throw error;
}
