// SQS: queues, their policies and dead-letter queues, from the graph and by calls.
import type { Resource } from "../../kernel/graph.ts";
import { arnOf, nameOf } from "../../kernel/names.ts";
import type { CloudContext, Plugin } from "../../kernel/service.ts";
import { startSqs } from "./server.ts";

function queue({ name: logical, inputs }: Resource, cloud: CloudContext) {
  const name = nameOf({ name: inputs.fifoQueue ? `${logical}.fifo` : logical, inputs });
  const url = `${cloud.endpoint}/${cloud.account}/${name}`;
  return { name, url, id: url, arn: arnOf(cloud, "sqs", name) };
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
