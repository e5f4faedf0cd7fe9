// What every client sees of EventBridge: rules made by calls, and events that reach a queue.
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testCloud, type TestCloud } from "../../../packages/local/src/kernel/testing-cloud.ts";
import { events } from "../../../packages/local/src/service/events/plugin.ts";
import { sqs } from "../../../packages/local/src/service/sqs/plugin.ts";
import { absence, CLIENTS, type Client, openClient } from "../clients.ts";

const QUEUE_ARN = "arn:aws:sqs:us-east-1:000000000000:seen";
const RULE_ARN = "arn:aws:events:us-east-1:000000000000:rule/Watch";
const allowEvents = JSON.stringify({
  Version: "2012-10-17",
  Statement: [
    {
      Effect: "Allow",
      Principal: { Service: "events.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: QUEUE_ARN,
      Condition: { ArnEquals: { "aws:SourceArn": RULE_ARN } },
    },
  ],
});

describe.each(CLIENTS.map((name) => ({ name, skipped: absence(name) })))(
  "EventBridge by $name",
  ({ name, skipped }) => {
    let cloud: TestCloud;
    let client: Client;
    const sqsCall = (operation: string, input: object) =>
      cloud.kernel.call("sqs", operation, input, { kind: "root" });
    const code = (promise: Promise<unknown>) =>
      promise.then(
        () => "none",
        (error) => error.code,
      );

    beforeAll(async () => {
      if (skipped) return;
      cloud = await testCloud({ plugins: [sqs, events] });
      client = openClient(name, "events", cloud);
    });
    afterAll(async () => {
      client?.close();
      await cloud?.dispose();
    });

    test.skipIf(skipped)("a rule sends matching events to a queue whose policy allows it", async () => {
      const Attributes = { Policy: allowEvents };
      const { QueueUrl } = await sqsCall("CreateQueue", { QueueName: "seen", Attributes });
      const EventPattern = '{"source":["app"],"detail":{"n":[{"numeric":[">",1]}]}}';
      expect(await client.call("PutRule", { Name: "Watch", EventPattern })).toEqual({ RuleArn: RULE_ARN });
      const Targets = [
        {
          Id: "queue",
          Arn: QUEUE_ARN,
          InputTransformer: { InputPathsMap: { n: "$.detail.n" }, InputTemplate: '{"number": <n>}' },
        },
      ];
      expect(await client.call("PutTargets", { Rule: "Watch", Targets })).toMatchObject({
        FailedEntryCount: 0,
      });
      expect(await client.call("ListTargetsByRule", { Rule: "Watch" })).toMatchObject({ Targets });

      const answer = await client.call("PutEvents", {
        Entries: [
          { Source: "app", DetailType: "t", Detail: '{"n":1}' },
          { Source: "app", DetailType: "t", Detail: '{"n":2}' },
          { Source: "app", DetailType: "t", Detail: "{" },
        ],
      });
      expect(answer).toMatchObject({
        FailedEntryCount: 1,
        Entries: [{}, {}, { ErrorCode: "MalformedDetail" }],
      });
      const { Messages } = await sqsCall("ReceiveMessage", { QueueUrl, WaitTimeSeconds: 20 });
      expect(Messages).toMatchObject([{ Body: '{"number": 2}' }]);
      expect(cloud.problems).toEqual([]);
    });

    test.skipIf(skipped)("buses, patterns and rules are described and rejected as on AWS", async () => {
      expect(await client.call("CreateEventBus", { Name: "own" })).toMatchObject({
        EventBusArn: "arn:aws:events:us-east-1:000000000000:event-bus/own",
      });
      expect(await code(client.call("CreateEventBus", { Name: "own" }))).toBe(
        "ResourceAlreadyExistsException",
      );
      expect(await code(client.call("DescribeRule", { Name: "none" }))).toBe("ResourceNotFoundException");
      const bad = { EventPattern: '{"a":"b"}', Event: "{}" };
      expect(await code(client.call("TestEventPattern", bad))).toBe("InvalidEventPatternException");
      const good = { EventPattern: '{"a":[{"prefix":"b"}]}', Event: '{"a":"bc"}' };
      expect(await client.call("TestEventPattern", good)).toEqual({ Result: true });
      await client.call("PutRule", {
        Name: "Every",
        ScheduleExpression: "rate(5 minutes)",
        State: "DISABLED",
      });
      expect(await client.call("DescribeRule", { Name: "Every" })).toMatchObject({
        ScheduleExpression: "rate(5 minutes)",
        State: "DISABLED",
        EventBusName: "default",
      });
      await client.call("DeleteRule", { Name: "Every" });
    });
  },
);

test("a queue whose policy does not allow the rule receives nothing, and a warning is logged", async () => {
  const cloud = await testCloud({ plugins: [sqs, events] });
  try {
    const root = { kind: "root" } as const;
    await cloud.kernel.call(
      "sqs",
      "CreateQueue",
      { QueueName: "seen", Attributes: { Policy: allowEvents } },
      root,
    );
    await cloud.kernel.call("events", "PutRule", { Name: "Other", EventPattern: '{"source":["app"]}' }, root);
    await cloud.kernel.call(
      "events",
      "PutTargets",
      { Rule: "Other", Targets: [{ Id: "q", Arn: QUEUE_ARN }] },
      root,
    );
    const entry = { Source: "app", DetailType: "t", Detail: "{}" };
    await cloud.kernel.call("events", "PutEvents", { Entries: [entry] }, root);
    await new Promise((resolve) => setImmediate(resolve));
    expect(cloud.problems).toMatchObject([
      expect.stringMatching(/rule\/Other.*is not authorized.*sqs:SendMessage/),
    ]);
  } finally {
    await cloud.dispose();
  }
});
