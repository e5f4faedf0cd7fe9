// EventBridge: buses, rules, targets, schedules, archives.
import type { Resource } from "../../kernel/graph.ts";
import type { Place, Plugin } from "../../kernel/service.ts";
import { startEvents } from "./server.ts";

const arn = (place: Place, path: string) =>
  `arn:${place.partition}:events:${place.region}:${place.account}:${path}`;
/** Where the graph leaves a name to the provider, the logical name serves. */
const nameOf = ({ name, inputs }: Resource) => (typeof inputs.name === "string" ? inputs.name : name);

function bus(resource: Resource, place: Place) {
  const name = nameOf(resource);
  return { name, id: name, arn: arn(place, `event-bus/${name}`) };
}

function rule(resource: Resource, place: Place) {
  const name = nameOf(resource);
  const on = String(resource.inputs.eventBusName ?? "default").replace(/^arn:.*:event-bus\//, "");
  const path = on === "default" ? name : `${on}/${name}`;
  return { name, id: path, arn: arn(place, `rule/${path}`) };
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
