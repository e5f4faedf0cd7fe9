// AWS Budgets: a budget of the graph is known, and never notifies: the local cloud has no bill.
import { nameOf } from "../../kernel/names.ts";
import type { Plugin } from "../../kernel/service.ts";

export const budgets: Plugin = {
  name: "budgets",
  resources: {
    "aws:budgets/budget:Budget": (resource, { account, partition }) => {
      const name = nameOf(resource);
      return { id: `${account}:${name}`, name, arn: `arn:${partition}:budgets::${account}:budget/${name}` };
    },
  },
  start: () => ({ operations: {}, access: () => [] }),
};
