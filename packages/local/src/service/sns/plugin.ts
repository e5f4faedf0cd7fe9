// SNS: the graph's topics with their queue and function subscriptions. Clients can publish.
import { arnOf, nameOf } from "../../kernel/names.ts";
import type { Plugin } from "../../kernel/service.ts";
import { startSns } from "./server.ts";

export const sns: Plugin = {
  name: "sns",
  arns: ["sns"],
  resources: {
    "aws:sns/topic:Topic": (resource, cloud) => {
      const name = nameOf(resource);
      const arn = arnOf(cloud, "sns", name);
      return { name, id: arn, arn };
    },
    "aws:sns/topicSubscription:TopicSubscription": ({ name, inputs }) => {
      const arn = `${String(inputs.topic)}:${name}`;
      return { id: arn, arn };
    },
    "aws:sns/topicPolicy:TopicPolicy": ({ inputs }) => ({ id: String(inputs.arn) }),
  },
  start: startSns,
};
