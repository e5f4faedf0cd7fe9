// Assembles CloudWatch from its operations.
import type { Access, Kernel, Service } from "../../kernel/service.ts";
import { openAlarms, type Alarms } from "./alarms.ts";
import { openDashboards, type Dashboards } from "./dashboards.ts";
import { declaredAlarms, declaredDashboards } from "./declared.ts";
import { openMonitor } from "./monitor.ts";
import { alarmOperations, checkAlarm } from "./operation/alarm.ts";
import { dashboardOperations, putDashboard } from "./operation/dashboard.ts";
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
  const dashboards = openDashboards(kernel);
  for (const { name, body } of declaredDashboards(kernel.graph)) putDashboard(dashboards, name, body);
  return {
    operations: {
      PutMetricData: (input) => putMetricData(kernel, points, input),
      GetMetricData: (input) => getMetricData(points, input),
      GetMetricStatistics: (input) => getMetricStatistics(points, input),
      ListMetrics: (input) => listMetrics(kernel, points, input),
      ...alarmOperations(alarms),
      ...dashboardOperations(dashboards),
    },
    access: (operation, input) => accessOf(alarms, dashboards, operation, input),
    resume: monitor.start,
    stop: monitor.stop,
  };
}

function accessOf(alarms: Alarms, dashboards: Dashboards, operation: string, input: any): Access[] {
  const action = `cloudwatch:${operation}`;
  const named = [
    ...(operation === "DeleteAlarms" ? (input.AlarmNames ?? []) : []),
    // Without names, all alarms of the region.
    ...(operation === "DescribeAlarms" ? (input.AlarmNames ?? ["*"]) : []),
    ...(operation.includes("Alarm") && input.AlarmName ? [input.AlarmName] : []),
  ].map(alarms.arnOf);
  const shown = [...(input.DashboardNames ?? []), ...(input.DashboardName ? [input.DashboardName] : [])].map(
    dashboards.arnOf,
  );
  const resources = named.length + shown.length > 0 ? [...named, ...shown] : ["*"];
  const context = input.Namespace && { context: { "cloudwatch:namespace": input.Namespace } };
  return resources.map((resource) => ({ action, resource, ...context }));
}
