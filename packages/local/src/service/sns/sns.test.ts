import { afterEach, expect, test } from "vitest";
import { testKernel, type TestKernel } from "../../kernel/testing.ts";
import { sqs } from "../sqs/plugin.ts";
import { sns } from "./plugin.ts";

let kernel: TestKernel;
afterEach(() => kernel.dispose());

const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:Page";
const TOPIC = "arn:aws:sns:us-east-1:000000000000:Alarms";
const subscription = (name: string, inputs: object) => ({
  name,
  type: "aws:sns/topicSubscription:TopicSubscription",
  inputs: { topic: "${Alarms.arn}", ...inputs },
});
const start = async (...subscriptions: ReturnType<typeof subscription>[]) => {
  kernel = await testKernel({
    plugins: [sqs, sns],
    graph: {
      resources: [
        { name: "Alarms", type: "aws:sns/topic:Topic", inputs: {} },
        { name: "Inbox", type: "aws:sqs/queue:Queue", inputs: { name: "inbox" } },
        ...subscriptions,
      ],
    },
  });
};
const alarm = () =>
  kernel.store.tx(() =>
    kernel.deliver(TOPIC, {
      payload: "too hot",
      source: { service: "cloudwatch.amazonaws.com", arn: "arn:aws:cloudwatch:::alarm:Heat" },
    }),
  );

test("an alarm reaches every queue and function that subscribes", async () => {
  await start(
    subscription("ToInbox", { protocol: "sqs", endpoint: "${Inbox.arn}", rawMessageDelivery: true }),
    subscription("ToPage", { protocol: "lambda", endpoint: FUNCTION }),
  );
  alarm();
  await kernel.clock.advance(0);
  const { Messages } = await kernel.call("sqs", "ReceiveMessage", {
    QueueUrl: "http://127.0.0.1:4710/000000000000/inbox",
  });
  expect(Messages).toMatchObject([{ Body: "too hot" }]);
  expect(kernel.deliveries.map(({ delivery }) => JSON.parse(delivery.payload))).toMatchObject([
    { Records: [{ EventSource: "aws:sns", Sns: { TopicArn: TOPIC, Message: "too hot" } }] },
  ]);
});

test("a message to a topic without subscriptions is logged", async () => {
  await start();
  alarm();
  expect(kernel.logs).toMatchObject([{ level: "debug", message: expect.stringContaining("too hot") }]);
});

test("an unsupported subscription fails the start with its name", async () => {
  await expect(start(subscription("Mail", { protocol: "email", endpoint: "a@b.c" }))).rejects.toThrow(
    /Mail: .* not by email/,
  );
  await start();
});
