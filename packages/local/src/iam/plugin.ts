// The attributes of roles and policies, and the simulation of what they allow.
import type { Resource } from "../kernel/graph.ts";
import { nameOf } from "../kernel/names.ts";
import type { Plugin } from "../kernel/service.ts";
import { simulateOperation } from "./simulate.ts";

const pathOf = ({ inputs }: Resource) => String(inputs.path ?? "/");

export const iam: Plugin = {
  name: "iam",
  resources: {
    "aws:iam/role:Role": (resource, cloud) => {
      const name = nameOf(resource);
      return { name, id: name, arn: `arn:aws:iam::${cloud.account}:role${pathOf(resource)}${name}` };
    },
    "aws:iam/policy:Policy": (resource, cloud) => {
      const name = nameOf(resource);
      const arn = `arn:aws:iam::${cloud.account}:policy${pathOf(resource)}${name}`;
      return { name, id: arn, arn };
    },
    "aws:iam/rolePolicy:RolePolicy": () => ({}),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": () => ({}),
  },
  start: (kernel) => ({
    operations: { SimulatePrincipalPolicy: simulateOperation(kernel) },
    access: (operation, input) => [{ action: `iam:${operation}`, resource: input.PolicySourceArn ?? "*" }],
  }),
};
