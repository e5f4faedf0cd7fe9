// Application Auto Scaling. Nothing of the graph is scaled from there: endpoints are made by calls, and so are their targets.
import type { Plugin } from "../../kernel/service.ts";
import { startAutoscaling } from "./server.ts";

export const autoscaling: Plugin = {
  name: "application-autoscaling",
  // Of its policies, which alarms call.
  arns: ["autoscaling"],
  resources: {},
  start: startAutoscaling,
};
