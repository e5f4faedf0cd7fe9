// Application Auto Scaling. Its targets come from API calls, not from the graph.
import type { Plugin } from "../../kernel/service.ts";
import { startAutoscaling } from "./server.ts";

export const autoscaling: Plugin = {
  name: "application-autoscaling",
  // The ARNs of scaling policies, which alarms call.
  arns: ["autoscaling"],
  resources: {},
  start: startAutoscaling,
};
