// EventBridge Scheduler: the schedules of the graph. Its API is not implemented.
import type { Plugin } from "../../kernel/service.ts";
import { startScheduler } from "./server.ts";

export const scheduler: Plugin = {
  name: "scheduler",
  resources: {
    "aws:scheduler/schedule:Schedule": ({ name, inputs }, { partition, region, account }) => {
      const own = typeof inputs.name === "string" ? inputs.name : name;
      const id = `${String(inputs.groupName ?? "default")}/${own}`;
      return { name: own, id, arn: `arn:${partition}:scheduler:${region}:${account}:schedule/${id}` };
    },
    "aws:scheduler/scheduleGroup:ScheduleGroup": ({ name, inputs }, { partition, region, account }) => {
      const own = typeof inputs.name === "string" ? inputs.name : name;
      return {
        name: own,
        id: own,
        arn: `arn:${partition}:scheduler:${region}:${account}:schedule-group/${own}`,
      };
    },
  },
  start: startScheduler,
};
