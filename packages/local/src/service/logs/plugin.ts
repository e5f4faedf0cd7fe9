// CloudWatch Logs.
import { arnOf, nameOf } from "../../kernel/names.ts";
import type { Plugin } from "../../kernel/service.ts";
import { LOG_GROUP } from "./log-store.ts";
import { startLogs } from "./server.ts";

export const logs: Plugin = {
  name: "logs",
  arns: ["logs"],
  resources: {
    [LOG_GROUP]: (resource, cloud) => {
      const name = nameOf(resource);
      return { id: name, name, arn: arnOf(cloud, "logs", `log-group:${name}`) };
    },
  },
  start: startLogs,
};
