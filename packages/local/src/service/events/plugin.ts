// EventBridge: buses, rules, targets, schedules, archives.
import type { Resource } from "../../kernel/graph.ts";
import { arnOf, nameOf } from "../../kernel/names.ts";
import type { CloudContext, Plugin } from "../../kernel/service.ts";
import { startEvents } from "./server.ts";

function bus(resource: Resource, cloud: CloudContext) {
  const name = nameOf(resource);
  return { name, id: name, arn: arnOf(cloud, "events", `event-bus/${name}`) };
}

function rule(resource: Resource, cloud: CloudContext) {
  const name = nameOf(resource);
  const on = String(resource.inputs.eventBusName ?? "default").replace(/^arn:.*:event-bus\//, "");
  const path = on === "default" ? name : `${on}/${name}`;
  return { name, id: path, arn: arnOf(cloud, "events", `rule/${path}`) };
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
