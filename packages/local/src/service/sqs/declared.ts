// The graph's queues, with attributes as in the API.
import type { ResolvedGraph } from "../../kernel/graph.ts";
import { type Attributes, FIFO_DEFAULTS } from "./attributes.ts";
import { nameOf } from "./queues.ts";

const ATTRIBUTE_OF: Record<string, string> = {
  delaySeconds: "DelaySeconds",
  maxMessageSize: "MaximumMessageSize",
  messageRetentionSeconds: "MessageRetentionPeriod",
  receiveWaitTimeSeconds: "ReceiveMessageWaitTimeSeconds",
  visibilityTimeoutSeconds: "VisibilityTimeout",
  sqsManagedSseEnabled: "SqsManagedSseEnabled",
  kmsMasterKeyId: "KmsMasterKeyId",
  kmsDataKeyReusePeriodSeconds: "KmsDataKeyReusePeriodSeconds",
  policy: "Policy",
  redrivePolicy: "RedrivePolicy",
  redriveAllowPolicy: "RedriveAllowPolicy",
  contentBasedDeduplication: "ContentBasedDeduplication",
  deduplicationScope: "DeduplicationScope",
  fifoThroughputLimit: "FifoThroughputLimit",
};

/** Resources that set one attribute of another resource's queue. */
const SETTING_RESOURCES: Record<string, string> = {
  "aws:sqs/queuePolicy:QueuePolicy": "policy",
  "aws:sqs/redrivePolicy:RedrivePolicy": "redrivePolicy",
  "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": "redriveAllowPolicy",
};

export function declaredQueues(graph: ResolvedGraph, warn: (message: string) => void) {
  const queues = new Map<string, { name: string; attributes: Attributes; tags: Record<string, string> }>();
  for (const { inputs, attributes } of graph.all("aws:sqs/queue:Queue")) {
    const name = attributes.name!;
    const own: Attributes = inputs.fifoQueue ? { FifoQueue: "true" } : {};
    for (const [input, attribute] of Object.entries(ATTRIBUTE_OF)) {
      // Pulumi sets the FIFO attributes of every queue, to false.
      if (inputs[input] == null || (attribute in FIFO_DEFAULTS && !inputs.fifoQueue)) continue;
      own[attribute] = text(inputs[input]);
    }
    queues.set(name, { name, attributes: own, tags: inputs.tags ?? {} });
  }
  for (const [type, input] of Object.entries(SETTING_RESOURCES))
    for (const { name, inputs } of graph.all(type)) {
      const queue = queues.get(nameOf(String(inputs.queueUrl)));
      if (!queue) continue;
      const attribute = ATTRIBUTE_OF[input]!;
      // On AWS the last deployed resource wins, and the order may change with each deployment.
      if (queue.attributes[attribute])
        warn(`${name}: this replaces another ${attribute} of the queue ${queue.name}.`);
      queue.attributes[attribute] = text(inputs[input]);
    }
  return [...queues.values()];
}

const text = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
