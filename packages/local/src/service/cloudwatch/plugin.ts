// CloudWatch: metrics, alarms and dashboards.
import { arnOf, nameOf } from "../../kernel/names.ts";
import type { Plugin } from "../../kernel/service.ts";
import { dashboardArn } from "./dashboards.ts";
import { ALARM, DASHBOARD } from "./declared.ts";
import { startCloudWatch } from "./server.ts";

export const cloudwatch: Plugin = {
  name: "cloudwatch",
  resources: {
    [ALARM]: (resource, cloud) => {
      const name = nameOf(resource);
      return { id: name, name, arn: arnOf(cloud, "cloudwatch", `alarm:${name}`) };
    },
    [DASHBOARD]: ({ name: logical, inputs }, cloud) => {
      const name = String(inputs.dashboardName ?? logical);
      return { id: name, dashboardName: name, dashboardArn: dashboardArn(cloud, name) };
    },
  },
  start: startCloudWatch,
};
