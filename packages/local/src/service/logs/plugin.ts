// CloudWatch Logs.
import type { Plugin } from "../../kernel/service.ts";
import { LOG_GROUP } from "./log-store.ts";
import { startLogs } from "./server.ts";

export const logs: Plugin = {
  name: "logs",
  arns: ["logs"],
  resources: {
    [LOG_GROUP]: ({ name: logical, inputs }, { partition, region, account }) => {
      const name = typeof inputs.name === "string" ? inputs.name : logical;
      return { id: name, name, arn: `arn:${partition}:logs:${region}:${account}:log-group:${name}` };
    },
  },
  start: startLogs,
};
