// IAM has no operations here. It only computes the attributes of roles and policies.
import type { Plugin } from "../kernel/service.ts";

const pathOf = (inputs: Record<string, unknown>) => (inputs.path as string | undefined) ?? "/";

export const iam: Plugin = {
  name: "iam",
  resources: {
    "aws:iam/role:Role": ({ name: logical, inputs }, cloud) => {
      const name = (inputs.name as string | undefined) ?? logical;
      return { name, id: name, arn: `arn:aws:iam::${cloud.account}:role${pathOf(inputs)}${name}` };
    },
    "aws:iam/policy:Policy": ({ name: logical, inputs }, cloud) => {
      const name = (inputs.name as string | undefined) ?? logical;
      const arn = `arn:aws:iam::${cloud.account}:policy${pathOf(inputs)}${name}`;
      return { name, id: arn, arn };
    },
    "aws:iam/rolePolicy:RolePolicy": () => ({}),
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment": () => ({}),
  },
  start: () => ({ operations: {}, access: () => [] }),
};
