// EventBridge Scheduler: the schedules of the graph. Its API is not implemented.
import { arnOf, nameOf } from "../../kernel/names.ts";
import type { Plugin } from "../../kernel/service.ts";
import { startScheduler } from "./server.ts";

export const scheduler: Plugin = {
  name: "scheduler",
  resources: {
    "aws:scheduler/schedule:Schedule": (resource, cloud) => {
      const name = nameOf(resource);
      const id = `${String(resource.inputs.groupName ?? "default")}/${name}`;
      return { name, id, arn: arnOf(cloud, "scheduler", `schedule/${id}`) };
    },
    "aws:scheduler/scheduleGroup:ScheduleGroup": (resource, cloud) => {
      const name = nameOf(resource);
      return { name, id: name, arn: arnOf(cloud, "scheduler", `schedule-group/${name}`) };
    },
  },
  start: startScheduler,
};
