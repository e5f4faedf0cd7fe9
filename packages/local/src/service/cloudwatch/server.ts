// Assembles CloudWatch from its operations.
import type { Access, Kernel, Service } from "../../kernel/service.ts";
import { openAlarms, type Alarms } from "./alarms.ts";
import { declaredAlarms } from "./declared.ts";
import { openMonitor } from "./monitor.ts";
import { alarmOperations, checkAlarm } from "./operation/alarm.ts";
import { getMetricData, getMetricStatistics } from "./operation/get.ts";
import { listMetrics } from "./operation/list.ts";
import { putMetricData } from "./operation/put.ts";
import { openPoints } from "./points.ts";

export function startCloudWatch(kernel: Kernel): Service {
  const points = openPoints(kernel.store);
  const alarms = openAlarms(kernel);
  const monitor = openMonitor(kernel, points, alarms);
  for (const alarm of declaredAlarms(kernel.graph)) {
    checkAlarm(alarm);
    alarms.put(alarm);
  }
  return {
    operations: {
      PutMetricData: (input) => putMetricData(kernel, points, input),
      GetMetricData: (input) => getMetricData(points, input),
      GetMetricStatistics: (input) => getMetricStatistics(points, input),
      ListMetrics: (input) => listMetrics(kernel, points, input),
      ...alarmOperations(alarms),
    },
    access: (operation, input) => accessOf(alarms, operation, input),
    resume: monitor.start,
    stop: monitor.stop,
  };
}

function accessOf({ arnOf }: Alarms, operation: string, input: any): Access[] {
  const action = `cloudwatch:${operation}`;
  const names: string[] = [
    ...(operation === "DeleteAlarms" ? (input.AlarmNames ?? []) : []),
    ...(operation.includes("Alarm") && input.AlarmName ? [input.AlarmName] : []),
  ];
  const resources = names.length > 0 ? names.map(arnOf) : ["*"];
  const context = input.Namespace && { context: { "cloudwatch:namespace": input.Namespace } };
  return resources.map((resource) => ({ action, resource, ...context }));
}
