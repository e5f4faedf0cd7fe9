// What the tests of queues share: three queues of a graph, and short words for the calls.
import type { TestKernel } from "../../kernel/testing.ts";

export const url = (name: string) => `http://127.0.0.1:4710/000000000000/${name}`;
export const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`;
export const bodies = (messages: any[]) => messages.map((message) => message.Body);

export const graph = {
  resources: [
    {
      name: "Dead",
      type: "aws:sqs/queue:Queue",
      inputs: { name: "dead", messageRetentionSeconds: 1_209_600, contentBasedDeduplication: false },
    },
    {
      name: "Work",
      type: "aws:sqs/queue:Queue",
      inputs: {
        name: "work",
        visibilityTimeoutSeconds: 60,
        redrivePolicy: '{"deadLetterTargetArn":"${Dead.arn}","maxReceiveCount":2}',
      },
    },
    {
      name: "Line",
      type: "aws:sqs/queue:Queue",
      inputs: { fifoQueue: true, contentBasedDeduplication: true },
    },
  ],
};

export function queueCalls(kernel: () => TestKernel) {
  const call = (operation: string, input: object) => kernel().call("sqs", operation, input);
  const send = (queue: string, MessageBody: string, more: object = {}) =>
    call("SendMessage", { QueueUrl: url(queue), MessageBody, ...more });
  const receive = async (queue: string, more: object = {}): Promise<any[]> =>
    (
      await call("ReceiveMessage", {
        QueueUrl: url(queue),
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ["All"],
        ...more,
      })
    ).Messages ?? [];
  const remove = (queue: string, { ReceiptHandle }: any) =>
    call("DeleteMessage", { QueueUrl: url(queue), ReceiptHandle });
  const counts = async (queue: string) => {
    const { Attributes: found } = await call("GetQueueAttributes", {
      QueueUrl: url(queue),
      AttributeNames: ["All"],
    });
    return ["", "NotVisible", "Delayed"].map((kind) => Number(found[`ApproximateNumberOfMessages${kind}`]));
  };
  return { call, send, receive, remove, counts };
}
