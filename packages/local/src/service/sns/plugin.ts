// SNS: the graph's topics with their queue and function subscriptions. Clients cannot call its API.
import type { Plugin } from "../../kernel/service.ts";
import { startSns } from "./server.ts";

export const sns: Plugin = {
  name: "sns",
  arns: ["sns"],
  resources: {
    "aws:sns/topic:Topic": ({ name, inputs }, { partition, region, account }) => {
      const own = typeof inputs.name === "string" ? inputs.name : name;
      const arn = `arn:${partition}:sns:${region}:${account}:${own}`;
      return { name: own, id: arn, arn };
    },
    "aws:sns/topicSubscription:TopicSubscription": ({ name, inputs }) => {
      const arn = `${String(inputs.topic)}:${name}`;
      return { id: arn, arn };
    },
    "aws:sns/topicPolicy:TopicPolicy": ({ inputs }) => ({ id: String(inputs.arn) }),
  },
  start: startSns,
};
