// SQS: queues, their policies and dead-letter queues, from the graph and by calls.
import type { Resource } from "../../kernel/graph.ts";
import type { CloudContext, Plugin } from "../../kernel/service.ts";
import { startSqs } from "./server.ts";

function queue(resource: Resource, cloud: CloudContext) {
  const name = physicalName(resource);
  const url = `${cloud.endpoint}/${cloud.account}/${name}`;
  return { name, url, id: url, arn: `arn:${cloud.partition}:sqs:${cloud.region}:${cloud.account}:${name}` };
}

/** The logical name, where the graph leaves the name to the provider. */
export function physicalName({ name, inputs }: Resource): string {
  if (typeof inputs.name === "string") return inputs.name;
  return inputs.fifoQueue ? `${name}.fifo` : name;
}

const about = ({ inputs }: Resource) => ({ id: String(inputs.queueUrl) });

export const sqs: Plugin = {
  name: "sqs",
  arns: ["sqs"],
  resources: {
    "aws:sqs/queue:Queue": queue,
    "aws:sqs/queuePolicy:QueuePolicy": about,
    "aws:sqs/redrivePolicy:RedrivePolicy": about,
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy": about,
  },
  start: startSqs,
};
