// CloudWatch: metrics and alarms. Dashboards are accepted and ignored.
import { arnOf, nameOf } from "../../kernel/names.ts";
import type { Plugin } from "../../kernel/service.ts";
import { ALARM } from "./declared.ts";
import { startCloudWatch } from "./server.ts";

export const cloudwatch: Plugin = {
  name: "cloudwatch",
  resources: {
    [ALARM]: (resource, cloud) => {
      const name = nameOf(resource);
      return { id: name, name, arn: arnOf(cloud, "cloudwatch", `alarm:${name}`) };
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
