// EventBridge: buses, rules, targets, schedules, archives.
import type { Resource } from "../../kernel/graph.ts";
import type { CloudContext, Plugin } from "../../kernel/service.ts";
import { startEvents } from "./server.ts";

const arn = (cloud: CloudContext, path: string) =>
  `arn:${cloud.partition}:events:${cloud.region}:${cloud.account}:${path}`;
/** The logical name, where the graph leaves the name to the provider. */
const nameOf = ({ name, inputs }: Resource) => (typeof inputs.name === "string" ? inputs.name : name);

function bus(resource: Resource, cloud: CloudContext) {
  const name = nameOf(resource);
  return { name, id: name, arn: arn(cloud, `event-bus/${name}`) };
}

function rule(resource: Resource, cloud: CloudContext) {
  const name = nameOf(resource);
  const on = String(resource.inputs.eventBusName ?? "default").replace(/^arn:.*:event-bus\//, "");
  const path = on === "default" ? name : `${on}/${name}`;
  return { name, id: path, arn: arn(cloud, `rule/${path}`) };
}

export const events: Plugin = {
  name: "events",
  arns: ["events"],
  resources: {
    "aws:cloudwatch/eventBus:EventBus": bus,
    "aws:cloudwatch/eventRule:EventRule": rule,
    "aws:cloudwatch/eventTarget:EventTarget": ({ name, inputs }) => ({
      targetId: String(inputs.targetId ?? name),
      id: `${String(inputs.rule)}-${String(inputs.targetId ?? name)}`,
      arn: String(inputs.arn),
    }),
    "aws:cloudwatch/eventBusPolicy:EventBusPolicy": ({ inputs }) => ({
      id: String(inputs.eventBusName ?? "default"),
    }),
  },
  start: startEvents,
};
