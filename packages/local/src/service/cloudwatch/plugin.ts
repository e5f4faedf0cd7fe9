// CloudWatch: metrics and alarms. Dashboards are accepted and ignored.
import type { Plugin } from "../../kernel/service.ts";
import { ALARM } from "./declared.ts";
import { startCloudWatch } from "./server.ts";

export const cloudwatch: Plugin = {
  name: "cloudwatch",
  resources: {
    [ALARM]: ({ name: logical, inputs }, { partition, region, account }) => {
      const name = typeof inputs.name === "string" ? inputs.name : logical;
      return { id: name, name, arn: `arn:${partition}:cloudwatch:${region}:${account}:alarm:${name}` };
    },
    "aws:cloudwatch/dashboard:Dashboard": ({ name: logical, inputs }, { partition, account }) => {
      const name = String(inputs.dashboardName ?? logical);
      return {
        id: name,
        dashboardName: name,
        dashboardArn: `arn:${partition}:cloudwatch::${account}:dashboard/${name}`,
      };
    },
  },
  start: startCloudWatch,
};
