// The queues of the graph, as the attributes that calls would have given them.
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

/** Resources that say one thing about a queue declared elsewhere. */
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
      // Pulumi states FIFO's settings for every queue, as false.
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
      // On AWS the last one written wins, and which that is changes from deploy to deploy.
      if (queue.attributes[attribute])
        warn(`${name}: the queue ${queue.name} has another ${attribute} already, which this one replaces.`);
      queue.attributes[attribute] = text(inputs[input]);
    }
  return [...queues.values()];
}

const text = (value: unknown) => (typeof value === "object" ? JSON.stringify(value) : String(value));
