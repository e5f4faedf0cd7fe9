// Step Functions: state machines and activities, and their executions.
import { nameOf } from "../../kernel/names.ts";
import type { Plugin } from "../../kernel/service.ts";
import { activityArn, machineArn } from "./api/arns.ts";
import { startStates } from "./server.ts";

export const states: Plugin = {
  name: "states",
  arns: ["states"],
  resources: {
    "aws:sfn/activity:Activity": (resource, cloud) => {
      const name = nameOf(resource);
      const arn = activityArn(cloud, name);
      return { name, arn, id: arn };
    },
    "aws:sfn/stateMachine:StateMachine": (resource, cloud) => {
      const name = nameOf(resource);
      const arn = machineArn(cloud, name);
      return { name, arn, id: arn };
    },
  },
  start: startStates,
};
