// What the tests of events share: a graph with a rule to a queue and a schedule, and short words for the calls.
import type { TestKernel } from "../../kernel/testing.ts";

export const BUS = "arn:aws:events:us-east-1:000000000000:event-bus/";
export const FUNCTION = "arn:aws:lambda:us-east-1:000000000000:function:Resize";
export const MISSING = "arn:aws:lambda:us-east-1:000000000000:function:missing";
export const queueUrl = (name: string) => `http://127.0.0.1:4710/000000000000/${name}`;

export const resource = (name: string, type: string, inputs: object) => ({
  name,
  type: `aws:${type}`,
  inputs: inputs as Record<string, unknown>,
});
export const graph = {
  resources: [
    resource("Cats", "sqs/queue:Queue", { name: "cats" }),
    resource("Undeliverable", "sqs/queue:Queue", { name: "undeliverable" }),
    resource("App", "cloudwatch/eventBus:EventBus", { name: "app" }),
    resource("CatsUploads", "cloudwatch/eventRule:EventRule", {
      eventPattern: JSON.stringify({
        source: ["aws.s3"],
        "detail-type": ["Object Created"],
        detail: { object: { key: [{ prefix: "uploads/cats/" }] } },
      }),
    }),
    resource("CatsUploadsTarget", "cloudwatch/eventTarget:EventTarget", {
      rule: "${CatsUploads.name}",
      arn: "${Cats.arn}",
      deadLetterConfig: { arn: "${Undeliverable.arn}" },
      retryPolicy: { maximumEventAgeInSeconds: 3600, maximumRetryAttempts: 3 },
    }),
    resource("Every", "cloudwatch/eventRule:EventRule", { scheduleExpression: "rate(5 minutes)" }),
    resource("EveryTarget", "cloudwatch/eventTarget:EventTarget", { rule: "${Every.name}", arn: FUNCTION }),
  ],
};

export function eventCalls(kernel: () => TestKernel) {
  const call = (operation: string, input: object = {}) => kernel().call("events", operation, input);
  const received = async (queue: string): Promise<any[]> => {
    await kernel().clock.advance(0);
    const { Messages = [] } = await kernel().call("sqs", "ReceiveMessage", {
      QueueUrl: queueUrl(queue),
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ["All"],
    });
    return Messages;
  };
  const payloads = () => kernel().deliveries.map(({ delivery }) => delivery.payload);
  const upload = (key: string) =>
    kernel().publish({
      source: "aws.s3",
      detailType: "Object Created",
      resources: ["arn:aws:s3:::uploads"],
      detail: { bucket: { name: "uploads" }, object: { key } },
    });
  const put = (entry: object) =>
    call("PutEvents", { Entries: [{ Source: "app", DetailType: "done", Detail: '{"n":1}', ...entry }] });

  /** A rule on everything from "app", with one target. */
  async function watch(target: object, bus = "default") {
    await call("PutRule", { Name: "Watch", EventBusName: bus, EventPattern: '{"source":["app"]}' });
    const Targets = [{ Id: "one", Arn: FUNCTION, ...target }];
    return call("PutTargets", { Rule: "Watch", EventBusName: bus, Targets });
  }
  return { call, received, payloads, upload, put, watch };
}
