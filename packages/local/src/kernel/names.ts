// Names and ARNs of resources.
import type { Resource } from "./graph.ts";
import type { CloudContext } from "./service.ts";

/** The name that the graph sets, or the logical name where it leaves the name to the provider. */
export const nameOf = ({ name, inputs }: Pick<Resource, "name" | "inputs">): string =>
  typeof inputs.name === "string" ? inputs.name : name;

export const arnOf = ({ partition, region, account }: CloudContext, service: string, resource: string) =>
  `arn:${partition}:${service}:${region}:${account}:${resource}`;
